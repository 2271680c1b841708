import type { ColumnType, Generated } from 'kysely'
import type {
  MessagePart,
  OperationListState,
  PageContext,
  RequestEvent,
  RequestState,
  RouteDecision,
} from '../../shared/assistant-protocol.ts'
import type {
  OperationInput,
  OperationOutcome,
  OperationPreview,
  SiteRefusal,
  UndoConflict,
} from '../../shared/site-protocol.ts'
import type { WithheldValue } from './masking/withheld-values.ts'

/** JSON is read as values and written as text, so that arrays are not taken for SQL arrays. */
type Json<T> = ColumnType<T, string, string>

interface TenantColumns {
  site_id: string
  team_id: string
}

export interface ConversationTable extends TenantColumns {
  id: string
  person: string
  title: string
  /** False until a person renames it: then the first message no longer sets it. */
  titled: boolean
  context: Json<PageContext | null>
  /** Highest message number; message numbers start at 1. */
  message_count: Generated<number>
  idempotency_key: string | null
  created_at: Date
  updated_at: Date
}

export interface MessageTable extends TenantColumns {
  id: string
  conversation_id: string
  number: number
  role: 'person' | 'assistant'
  text: string
  request_id: string | null
  parts: Json<MessagePart[]>
  memory: Json<unknown>
  created_at: Date
}

export interface ConversationSummaryTable extends TenantColumns {
  conversation_id: string
  /** Messages up to this number are in the summary. */
  up_to_number: number
  text: string
  facts: Json<string[]>
  created_at: Date
}

export interface RequestTable extends TenantColumns {
  id: string
  person: string
  conversation_id: string | null
  source: 'chat' | 'api' | 'undo' | 'file' | 'automation'
  text: string
  state: RequestState
  route: Json<RouteDecision | null>
  error: Json<{ code: string; message: string } | null>
  model_calls: Generated<number>
  input_tokens: Generated<number>
  output_tokens: Generated<number>
  nano_usd: ColumnType<bigint, bigint | undefined, bigint>
  undone_by: string | null
  undoes: string | null
  idempotency_key: string | null
  /** Hash of the body the key came with: the same key with another body is refused. */
  body_hash: string | null
  /** Highest stored event number. */
  event_count: Generated<number>
  /** The process that runs it; fences off a process that was taken for dead. */
  runner_id: string | null
  runner_seen_at: Date | null
  created_at: Date
  finished_at: Date | null
  /** Moves with every change that is published to ERPNext. */
  version: Generated<number>
  published_version: Generated<number>
}

export interface RequestEventTable extends TenantColumns {
  request_id: string
  seq: number
  event: Json<RequestEvent>
}

export interface OperationListTable extends TenantColumns {
  id: string
  request_id: string
  person: string
  kind: 'apply' | 'undo'
  state: OperationListState
  hash: string
  summary: string
  operations: Json<OperationInput[]>
  previews: Json<OperationPreview[]>
  outcomes: Json<OperationOutcome[]>
  conflicts: Json<UndoConflict[]>
  refusal: Json<SiteRefusal | null>
  changed_since_approval: Generated<boolean>
  /** The previews that were approved last, where ERPNext would save something else by now. */
  seen_previews: ColumnType<OperationPreview[] | null, null, OperationPreview[] | null>
  /** True from the moment an apply may have reached ERPNext: from then on ERPNext decides. */
  apply_sent: Generated<boolean>
  attempts: Generated<number>
  /** When the process that settles the approval was last known to be at it. */
  settling_until: Date | null
  /** The card that took this one's place. */
  superseded_by: string | null
  /** Of an undo: the request it undoes, and the undo's id by applied operation id. */
  undoes_request_id: string | null
  undo_ids: Json<Record<string, string> | null>
  proposed_at: Date
  decided_at: Date | null
  decided_by: string | null
}

export interface OperationTable extends TenantColumns {
  id: string
  operation_list_id: string
  request_id: string
  position: number
  action: string
  doctype: string
  /** The document's name once known. */
  document_name: string | null
  state: 'proposed' | 'applied' | 'rejected'
  undone_by: string | null
}

export interface WithheldValuesTable extends TenantColumns {
  id: string
  conversation_id: string
  withheld: Json<WithheldValue[]>
  created_at: Date
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    withheld_values: WithheldValuesTable
    conversation: ConversationTable
    message: MessageTable
    conversation_summary: ConversationSummaryTable
    request: RequestTable
    request_event: RequestEventTable
    operation_list: OperationListTable
    operation: OperationTable
  }
}
