/**
 * What the bridge tells pages about a request: the resources of `/v1` for the assistant and the
 * events of its stream. The zod schemas in the features' `schema.ts` must agree with these types.
 */
import type {
  OperationInput,
  OperationOutcome,
  OperationPreview,
  SiteRefusal,
  UndoConflict,
} from './site-protocol.ts'

// ---------------------------------------------------------------- resources

export interface Conversation {
  id: string
  title: string
  created_at: string
  updated_at: string
  /** The Desk document or list it was opened on, if any. */
  context: PageContext | null
}

/** What the person is looking at: sent with a message from the Desk panel. */
export interface PageContext {
  doctype: string
  /** Null on a list. */
  name: string | null
  /** Filters of the open list. */
  filters?: [string, string, unknown][]
}

export interface Message {
  id: string
  conversation_id: string
  role: 'person' | 'assistant'
  /** Markdown for the assistant, plain text for the person. */
  text: string
  request_id: string | null
  created_at: string
  /** Tables, cards and questions shown with this message, in order. */
  parts: MessagePart[]
}

export type MessagePart =
  | { type: 'table'; table: AnswerTable }
  | { type: 'document'; document: AnswerDocument }
  | { type: 'question'; question: Question }
  | { type: 'operation_list'; operation_list_id: string }
  | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string; code: string | null }

export interface AnswerColumn {
  key: string
  label: string
  /** Frappe field type: Data, Link, Currency, Float, Int, Date, Datetime, Percent, Check ... */
  fieldtype: string
  /** DocType of a Link, currency code of a Currency. */
  options: string | null
}

export interface AnswerTable {
  title: string
  columns: AnswerColumn[]
  rows: Record<string, unknown>[]
  /** Rows in all, when known; more than `rows` when the answer was capped. */
  total: number | null
  /** Where "open" leads for a row: doctype and the column that holds the name. */
  row_link: { doctype: string; name_key: string } | null
  /** Handle to read on with, when capped. */
  handle: string | null
  /** How to draw it, when it is numbers. */
  chart: { kind: 'bar' | 'line' | 'donut'; category: string; values: string[] } | null
  /** Desk path of the same list or report, e.g. `/app/sales-invoice?status=Overdue`. */
  desk_path: string | null
}

export interface AnswerDocument {
  doctype: string
  name: string
  title: string
  docstatus: 0 | 1 | 2
  desk_path: string
  fields: {
    label: string
    fieldname: string
    fieldtype: string
    options: string | null
    value: unknown
  }[]
}

export interface Question {
  text: string
  /** Values to pick from; picking sends `value` as the person's next message. */
  options: { value: string; label: string; description: string | null }[]
  /** What is being asked for, e.g. `customer`. */
  slot: string | null
}

export type RequestState =
  | 'queued'
  | 'running'
  | 'waiting_for_approval'
  | 'waiting_for_person'
  | 'completed'
  | 'failed'
  | 'cancelled'

export interface AssistantRequest {
  id: string
  conversation_id: string | null
  team_id: string
  person: string
  source: 'chat' | 'api' | 'undo' | 'file' | 'automation'
  text: string
  state: RequestState
  route: RouteDecision | null
  error: { code: string; message: string } | null
  cost: RequestCost
  operation_lists: OperationList[]
  /** The request that undid this one, and the one this one undoes. */
  undone_by: string | null
  undoes: string | null
  created_at: string
  finished_at: string | null
}

export interface RequestCost {
  model_calls: number
  input_tokens: number
  output_tokens: number
  /** US dollars; 0 for local answers. */
  usd: number
}

export type RequestClass =
  | 'help'
  | 'lookup'
  | 'list'
  | 'aggregate'
  | 'create'
  | 'update'
  | 'submit'
  | 'file'
  | 'insight'
  | 'administration'
  | 'out_of_scope'
  | 'unclear'

export interface RouteDecision {
  class: RequestClass
  handler: 'local' | 'small' | 'large'
  /** Calibrated probability of `class`, 0 to 1. */
  confidence: number
  /** Sentence for the person: why this handler. */
  reason: string
  /** Classes considered, best first. */
  candidates: { class: RequestClass; confidence: number }[]
  /** The parts when a message holds several asks. */
  parts: { text: string; class: RequestClass }[]
}

export type OperationListState =
  'proposed' | 'approving' | 'applied' | 'rejected' | 'refused' | 'expired'

/** One card: an ordered list of operations with one hash, applied all or nothing. */
export interface OperationList {
  id: string
  request_id: string
  kind: 'apply' | 'undo'
  state: OperationListState
  /** Hash to approve with; changes with every new preview. */
  hash: string
  /** Short sentence of what it does, e.g. `Create Quotation for Alder Works`. */
  summary: string
  operations: OperationInput[]
  previews: OperationPreview[]
  outcomes: OperationOutcome[]
  conflicts: UndoConflict[]
  refusal: SiteRefusal | null
  /** Set when the last approval found that ERPNext would now save something else. */
  changed_since_approval: boolean
  /** Then: what the person had seen and approved, to tell what differs. Null otherwise. */
  seen_previews: OperationPreview[] | null
  /** The card that took the place of this rejected one, when the person put it differently. */
  superseded_by: string | null
  proposed_at: string
  decided_at: string | null
  decided_by: string | null
}

// ---------------------------------------------------------------- events

/** Events of one request, `seq` from 1 without gaps; `id:` of the SSE frame is `seq`. */
export type RequestEvent = { seq: number; at: string } & (
  | {
      type: 'request.started'
      request_id: string
      conversation_id: string | null
      message_id: string | null
    }
  | { type: 'route.decided'; route: RouteDecision }
  | { type: 'text.delta'; text: string }
  | {
      type: 'tool.started'
      call_id: string
      name: string
      label: string
      arguments: Record<string, unknown>
    }
  | { type: 'tool.finished'; call_id: string; ok: boolean; summary: string }
  | { type: 'part.added'; part: MessagePart }
  | { type: 'operation_list.proposed'; operation_list: OperationList }
  | { type: 'operation_list.changed'; operation_list: OperationList }
  | { type: 'usage.recorded'; cost: RequestCost }
  | { type: 'request.waiting'; state: 'waiting_for_approval' | 'waiting_for_person' }
  | { type: 'request.completed'; message_id: string | null }
  | { type: 'request.failed'; error: { code: string; message: string } }
  | { type: 'request.cancelled' }
)
