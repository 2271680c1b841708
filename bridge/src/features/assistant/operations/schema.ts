import { z } from 'zod'
import type { OperationList } from '../../../shared/assistant-protocol.ts'
import type {
  FieldEffect,
  OperationInput,
  OperationOutcome,
  OperationPreview,
  SiteRefusal,
  UndoConflict,
} from '../../../shared/site-protocol.ts'

const action = z.enum(['create', 'update', 'submit', 'cancel', 'delete', 'amend'])
const reference = z.object({ $ref: z.string() })
const nameOrReference = z.union([z.string(), reference])
const docstatus = z.union([z.literal(0), z.literal(1), z.literal(2)])
const setBy = z.enum(['person', 'site', 'site_changed', 'unchanged'])
const fieldValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  reference,
  z.array(z.looseObject({ name: z.string().optional() })),
])

const operationSchema = z.object({
  operation_id: z.string(),
  action,
  doctype: z.string(),
  name: nameOrReference.optional(),
  base_modified: z.string().optional(),
  values: z.record(z.string(), fieldValue).optional(),
  source: z.object({ method: z.string(), doctype: z.string(), name: nameOrReference }).optional(),
}) satisfies z.ZodType<OperationInput>

const fieldEffect = z.object({
  fieldname: z.string(),
  label: z.string(),
  fieldtype: z.string(),
  options: z.string().nullable(),
  before: z.unknown(),
  asked: z.unknown().optional(),
  after: z.unknown(),
  set_by: setBy,
  title: z.string().nullish(),
}) satisfies z.ZodType<FieldEffect>

const tableEffect = z.object({
  fieldname: z.string(),
  label: z.string(),
  doctype: z.string(),
  columns: z.array(
    z.object({
      fieldname: z.string(),
      label: z.string(),
      fieldtype: z.string(),
      options: z.string().nullable(),
    }),
  ),
  rows: z.array(
    z.object({
      idx: z.number(),
      name: z.string().nullable(),
      change: z.enum(['added', 'changed', 'removed', 'unchanged']),
      cells: z.record(
        z.string(),
        z.object({
          before: z.unknown().optional(),
          asked: z.unknown().optional(),
          after: z.unknown(),
          set_by: setBy,
        }),
      ),
    }),
  ),
})

const ledgerEntry = z.object({
  account: z.string(),
  debit: z.number(),
  credit: z.number(),
  currency: z.string(),
  party_type: z.string().nullish(),
  party: z.string().nullish(),
  cost_center: z.string().nullish(),
  against: z.string().nullish(),
  posting_date: z.string(),
})

const stockEntry = z.object({
  item_code: z.string(),
  warehouse: z.string(),
  actual_qty: z.number(),
  valuation_rate: z.number().nullish(),
  stock_value_difference: z.number().nullish(),
  posting_date: z.string(),
})

const previewSchema = z.object({
  operation_id: z.string(),
  action,
  doctype: z.string(),
  doctype_label: z.string(),
  name: z.string().nullable(),
  title: z.string().nullable(),
  docstatus_before: docstatus.nullable(),
  docstatus_after: docstatus.nullable(),
  base_modified: z.string().nullable(),
  fields: z.array(fieldEffect),
  tables: z.array(tableEffect),
  totals: z.array(fieldEffect),
  currency: z.string().nullable(),
  ledger: z.array(ledgerEntry),
  stock: z.array(stockEntry),
  side_effects: z.array(
    z.object({
      doctype: z.string(),
      name: z.string().nullable(),
      change: z.enum(['created', 'updated', 'deleted']),
    }),
  ),
  deferred: z.array(
    z.object({ kind: z.enum(['mail', 'job', 'webhook', 'realtime']), description: z.string() }),
  ),
  messages: z.array(z.object({ message: z.string(), indicator: z.string().nullable() })),
  undo: z.object({
    class: z.enum(['exact', 'compensating', 'replacement', 'none']),
    allowed: z.boolean(),
    statement: z.string(),
  }),
}) satisfies z.ZodType<OperationPreview>

const outcomeSchema = z.object({
  operation_id: z.string(),
  state: z.enum(['applied', 'rejected', 'unknown']),
  action,
  doctype: z.string(),
  name: z.string().nullable(),
  title: z.string().nullable(),
  docstatus: docstatus.nullable(),
  modified: z.string().nullable(),
  at: z.string().nullable(),
  path: z.string().nullable(),
  hash: z.string().nullable(),
  person: z.string().nullable(),
  request_id: z.string().nullable(),
  undone_by: z.string().nullable(),
}) satisfies z.ZodType<OperationOutcome>

const refusalSchema = z.object({
  operation_id: z.string().nullable(),
  exc_type: z.string(),
  message: z.string(),
  code: z.enum([
    'permission',
    'validation',
    'mandatory',
    'link',
    'conflict',
    'not_found',
    'inner_commit',
    'background_job',
    'outbound_http',
    'too_large',
    'other',
  ]),
}) satisfies z.ZodType<SiteRefusal>

const conflictSchema = z.object({
  operation_id: z.string(),
  doctype: z.string(),
  name: z.string().nullable(),
  fieldname: z.string().nullable(),
  label: z.string().nullable(),
  before: z.unknown().optional(),
  applied: z.unknown().optional(),
  current: z.unknown().optional(),
  reason: z.string(),
}) satisfies z.ZodType<UndoConflict>

export const operationListSchema = z.object({
  id: z.string(),
  request_id: z.string(),
  kind: z.enum(['apply', 'undo']),
  state: z.enum(['proposed', 'approving', 'applied', 'rejected', 'refused', 'expired']),
  hash: z.string(),
  summary: z.string(),
  operations: z.array(operationSchema),
  previews: z.array(previewSchema),
  outcomes: z.array(outcomeSchema),
  conflicts: z.array(conflictSchema),
  refusal: refusalSchema.nullable(),
  changed_since_approval: z.boolean(),
  seen_previews: z.array(previewSchema).nullable(),
  superseded_by: z.string().nullable(),
  proposed_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
  decided_by: z.string().nullable(),
}) satisfies z.ZodType<OperationList>
