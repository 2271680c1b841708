/**
 * The tools a model or the local planner works with. Both call the same runner, so both have the
 * same limits, see the same errors and can only ever propose a change.
 */
import type {
  AnswerDocument,
  AnswerTable,
  OperationList,
  Question,
} from '../../../shared/assistant-protocol.ts'
import type { DoctypeDescription, DoctypeMatch, Filter } from '../../../shared/site-protocol.ts'
import type { ValueOrigins } from './value-origins.ts'

/** Arguments by tool; the zod schemas in `tools/` produce the JSON Schema models get. */
export interface ToolArguments {
  /** Which DocType do these words mean? */
  find_doctype: { words: string }
  describe_doctype: { doctype: string }
  /** `fields` may hold `link.field`; `order_by` is `field asc|desc`; `limit` at most 200. */
  list_records: {
    doctype: string
    fields?: string[]
    filters?: Filter[]
    or_filters?: Filter[]
    order_by?: string
    limit?: number
    title?: string
    /** Continue a capped answer. */
    handle?: string
  }
  read_record: { doctype: string; name: string }
  aggregate: {
    doctype: string
    measures: { function: 'count' | 'sum' | 'avg' | 'min' | 'max'; field?: string; as: string }[]
    group_by?: string[]
    filters?: Filter[]
    order_by?: string
    limit?: number
    title?: string
    chart?: 'bar' | 'line' | 'donut'
  }
  list_reports: { words?: string; doctype?: string }
  run_report: { report: string; filters?: Record<string, unknown>; limit?: number; handle?: string }
  /** Fuzzy search of documents by name, title and search fields; for reads and for resolving a party or an item. */
  search: { doctype: string; text: string; limit?: number }
  propose_create: { doctype: string; values: Record<string, unknown> } & Replacing
  propose_update: { doctype: string; name: string; values: Record<string, unknown> } & Replacing
  propose_submit: { doctype: string; name: string } & Replacing
  propose_cancel: { doctype: string; name: string } & Replacing
  /** A new draft of a cancelled document that says what it amends. */
  propose_amend: { doctype: string; name: string; values?: Record<string, unknown> } & Replacing
  propose_delete: { doctype: string; name: string } & Replacing
  /** ERPNext's own make function from one document to another; `values` are set on top. */
  propose_mapped: {
    from_doctype: string
    from_name: string
    to_doctype: string
    values?: Record<string, unknown>
  } & Replacing
  ask_person: {
    text: string
    options?: { value: string; label: string; description?: string }[]
    slot?: string
  }
}

/** A proposal that corrects one made before: an operation of this turn, or a whole earlier card. */
export interface Replacing {
  replaces?: string
}

export type ToolName = keyof ToolArguments

/** One hit of `search`; `score` is 0 to 1, 1 an exact match of name or title. */
export interface SearchMatch {
  doctype: string
  name: string
  title: string
  description: string | null
  score: number
}

/** Where the values come from; worked out only when something may not leave for a model. */
export type Origins = () => ValueOrigins

export interface ToolResults {
  find_doctype: { matches: DoctypeMatch[] }
  describe_doctype: DoctypeDescription
  list_records: { table: AnswerTable; origins: Origins }
  read_record: { document: AnswerDocument; values: Record<string, unknown>; origins: Origins }
  aggregate: { table: AnswerTable; total_groups: number; origins: Origins }
  list_reports: {
    reports: { name: string; label: string; ref_doctype: string; filters: string[] }[]
  }
  /** `totals`: the report's own rows of totals, last one last, also when `table` was cut. */
  run_report: { table: AnswerTable; totals: Record<string, unknown>[]; origins: Origins }
  search: { matches: SearchMatch[] }
  propose_create: ProposalResult
  propose_update: ProposalResult
  propose_submit: ProposalResult
  propose_cancel: ProposalResult
  propose_amend: ProposalResult
  propose_delete: ProposalResult
  propose_mapped: ProposalResult
  ask_person: { asked: Question }
}

/**
 * What a propose tool answers. Proposals of one turn are collected into one list, previewed
 * together after each addition, and shown as one card when the turn ends.
 */
export type ProposalResult =
  | { status: 'proposed'; operation_id: string; operation_list: OperationList }
  | { status: 'refused'; exc_type: string; message: string }
  /** A name in `values` or the target fits several documents: nothing is proposed, ask the person. */
  | { status: 'ambiguous'; fieldname: string; asked: string; candidates: SearchMatch[] }
  | { status: 'not_found'; fieldname: string; asked: string; candidates: SearchMatch[] }

/** What the tools of one turn answer; failures are values, so a brain can react to them. */
export type ToolAnswer<N extends ToolName> =
  | { ok: true; result: ToolResults[N] }
  | { ok: false; error: { code: string; exc_type: string | null; message: string } }

/** Runs tools as the person of one request: permissions, caps, events and proposals included. */
export interface ToolRunner {
  call<N extends ToolName>(name: N, args: ToolArguments[N]): Promise<ToolAnswer<N>>
  /** From a model: unknown names and bad arguments come back as `ok: false`. */
  callUnchecked(name: string, argumentsJson: string): Promise<ToolAnswer<ToolName>>
  /** What is proposed next goes onto this card of the turn; null begins a new card. */
  openCard(listId: string | null): void
  /** Withdraws an earlier turn's card for the one just proposed; false when it was saved first. */
  replaceCard(listId: string): Promise<boolean>
}
