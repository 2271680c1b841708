import { z } from 'zod'
import type {
  AnswerDocument,
  AnswerTable,
  AssistantRequest,
  Conversation,
  Message,
  MessagePart,
  PageContext,
  Question,
  RequestClass,
  RequestEvent,
  RequestState,
  RouteDecision,
} from '../../shared/assistant-protocol.ts'
import { operationListSchema } from './operations/schema.ts'

const time = z.iso.datetime()
const jsonObject = z.record(z.string(), z.unknown())

export const REQUEST_STATES = [
  'queued',
  'running',
  'waiting_for_approval',
  'waiting_for_person',
  'completed',
  'failed',
  'cancelled',
] as const satisfies readonly RequestState[]

const REQUEST_CLASSES = [
  'help',
  'lookup',
  'list',
  'aggregate',
  'create',
  'update',
  'submit',
  'file',
  'insight',
  'administration',
  'out_of_scope',
  'unclear',
] as const satisfies readonly RequestClass[]

export const requestClassSchema = z.enum(REQUEST_CLASSES)

export const pageContextSchema = z.object({
  doctype: z.string().min(1).max(140),
  name: z.string().max(280).nullable(),
  filters: z
    .array(z.tuple([z.string().max(140), z.string().max(40), z.unknown()]))
    .max(50)
    .optional(),
}) satisfies z.ZodType<PageContext>

export const conversationSchema = z.object({
  id: z.string(),
  title: z.string(),
  created_at: time,
  updated_at: time,
  context: pageContextSchema.nullable(),
}) satisfies z.ZodType<Conversation>

export const tableSchema = z.object({
  title: z.string(),
  columns: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      fieldtype: z.string(),
      options: z.string().nullable(),
    }),
  ),
  rows: z.array(jsonObject),
  total: z.number().nullable(),
  row_link: z.object({ doctype: z.string(), name_key: z.string() }).nullable(),
  handle: z.string().nullable(),
  chart: z
    .object({
      kind: z.enum(['bar', 'line', 'donut']),
      category: z.string(),
      values: z.array(z.string()),
    })
    .nullable(),
  desk_path: z.string().nullable(),
}) satisfies z.ZodType<AnswerTable>

const documentSchema = z.object({
  doctype: z.string(),
  name: z.string(),
  title: z.string(),
  docstatus: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  desk_path: z.string(),
  fields: z.array(
    z.object({
      label: z.string(),
      fieldname: z.string(),
      fieldtype: z.string(),
      options: z.string().nullable(),
      value: z.unknown(),
    }),
  ),
}) satisfies z.ZodType<AnswerDocument>

const questionSchema = z.object({
  text: z.string(),
  options: z.array(
    z.object({ value: z.string(), label: z.string(), description: z.string().nullable() }),
  ),
  slot: z.string().nullable(),
}) satisfies z.ZodType<Question>

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('table'), table: tableSchema }),
  z.object({ type: z.literal('document'), document: documentSchema }),
  z.object({ type: z.literal('question'), question: questionSchema }),
  z.object({ type: z.literal('operation_list'), operation_list_id: z.string() }),
  z.object({
    type: z.literal('notice'),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
    code: z.string().nullable(),
  }),
]) satisfies z.ZodType<MessagePart>

export const messageSchema = z.object({
  id: z.string(),
  conversation_id: z.string(),
  role: z.enum(['person', 'assistant']),
  text: z.string(),
  request_id: z.string().nullable(),
  created_at: time,
  parts: z.array(partSchema),
}) satisfies z.ZodType<Message>

export const routeSchema = z.object({
  class: requestClassSchema,
  handler: z.enum(['local', 'small', 'large']),
  confidence: z.number().min(0).max(1),
  reason: z.string(),
  candidates: z.array(z.object({ class: requestClassSchema, confidence: z.number() })),
  parts: z.array(z.object({ text: z.string(), class: requestClassSchema })),
}) satisfies z.ZodType<RouteDecision>

const errorSchema = z.object({ code: z.string(), message: z.string() })

const costSchema = z.object({
  model_calls: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  usd: z.number(),
})

export const requestSchema = z.object({
  id: z.string(),
  conversation_id: z.string().nullable(),
  team_id: z.string(),
  person: z.string(),
  source: z.enum(['chat', 'api', 'undo', 'file', 'automation']),
  text: z.string(),
  state: z.enum(REQUEST_STATES),
  route: routeSchema.nullable(),
  error: errorSchema.nullable(),
  cost: costSchema,
  operation_lists: z.array(operationListSchema),
  undone_by: z.string().nullable(),
  undoes: z.string().nullable(),
  created_at: time,
  finished_at: time.nullable(),
}) satisfies z.ZodType<AssistantRequest>

const stamp = { seq: z.number().int().positive(), at: time }

export const requestEventSchema = z.discriminatedUnion('type', [
  z.object({
    ...stamp,
    type: z.literal('request.started'),
    request_id: z.string(),
    conversation_id: z.string().nullable(),
    message_id: z.string().nullable(),
  }),
  z.object({ ...stamp, type: z.literal('route.decided'), route: routeSchema }),
  z.object({ ...stamp, type: z.literal('text.delta'), text: z.string() }),
  z.object({
    ...stamp,
    type: z.literal('tool.started'),
    call_id: z.string(),
    name: z.string(),
    label: z.string(),
    arguments: jsonObject,
  }),
  z.object({
    ...stamp,
    type: z.literal('tool.finished'),
    call_id: z.string(),
    ok: z.boolean(),
    summary: z.string(),
  }),
  z.object({ ...stamp, type: z.literal('part.added'), part: partSchema }),
  z.object({
    ...stamp,
    type: z.literal('operation_list.proposed'),
    operation_list: operationListSchema,
  }),
  z.object({
    ...stamp,
    type: z.literal('operation_list.changed'),
    operation_list: operationListSchema,
  }),
  z.object({ ...stamp, type: z.literal('usage.recorded'), cost: costSchema }),
  z.object({
    ...stamp,
    type: z.literal('request.waiting'),
    state: z.enum(['waiting_for_approval', 'waiting_for_person']),
  }),
  z.object({ ...stamp, type: z.literal('request.completed'), message_id: z.string().nullable() }),
  z.object({ ...stamp, type: z.literal('request.failed'), error: errorSchema }),
  z.object({ ...stamp, type: z.literal('request.cancelled') }),
]) satisfies z.ZodType<RequestEvent>

export const idParameter = z.object({ id: z.string().min(1).max(80) })
