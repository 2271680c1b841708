import type {
  AnswerDocument,
  AnswerTable,
  PageContext,
  RouteDecision,
} from '../../shared/assistant-protocol.ts'
import type { SiteIdentity, SiteWords } from '../../shared/site-protocol.ts'
import type { WithheldValues } from './masking/withheld-values.ts'
import type { ToolRunner } from './tools/tool-contract.ts'

/** One past message, as a brain needs it. */
export interface PastMessage {
  role: 'person' | 'assistant'
  text: string
  /** Documents and tables that message showed, newest last, for "it", "that one", "the second". */
  documents: { doctype: string; name: string; title: string }[]
  tables: AnswerTable[]
  /** What the brain itself wanted to remember (open question, filled slots). */
  memory: unknown
}

/** Everything a brain gets for one turn. */
export interface Turn {
  request_id: string
  text: string
  route: RouteDecision
  person: SiteIdentity
  words: SiteWords
  page: PageContext | null
  history: PastMessage[]
  /** Site-local today, `YYYY-MM-DD`. */
  today: string
  tools: ToolRunner
  signal: AbortSignal
  /** Values kept from some model provider; absent when everything may leave. */
  withheld?: WithheldValues
  /** True when another handler can take over after a `pass`. */
  fallback?: boolean
}

/**
 * What a brain produces besides its tool calls. Tables and documents that tools answered are shown
 * only when the brain yields them here; proposals (one card) and questions are shown by the request
 * itself when the turn ends.
 */
export type BrainEvent =
  | { type: 'text'; text: string }
  /** Show this table or document with the answer. */
  | { type: 'table'; table: AnswerTable }
  | { type: 'document'; document: AnswerDocument }
  | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string; code: string | null }
  /** Kept with the message and given back in `history[].memory`. */
  | { type: 'memory'; memory: unknown }
  /** It cannot do this one: let the next handler try. Only before any text was produced. */
  | { type: 'pass'; reason: string }

/** Answers a turn. The local planner and the model loop are the two implementations. */
export interface Brain {
  answer(turn: Turn): AsyncIterable<BrainEvent>
}
