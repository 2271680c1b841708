import type { Question } from '../../../shared/assistant-protocol.ts'
import type { Actor, SiteSession } from '../ports.ts'
import type { SiteKnowledge } from './site-knowledge.ts'
import type { ToolArguments, ToolName, ToolResults } from './tool-contract.ts'

/** What a tool works with: one person, one request. */
export interface ToolContext {
  actor: Actor
  session: SiteSession
  knowledge: SiteKnowledge
  /** Currency of the site, for amounts without one of their own. */
  currency: string
  proposals: Proposals
  /** Takes a question for the person; the last one asked is shown when the turn ends. */
  ask(question: Question): void
}

/** Where proposals of a turn are collected; see `operations/proposal-collector.ts`. */
export interface Proposals {
  add(change: NewProposal): Promise<ToolResults['propose_create']>
  /** The earlier operation of this turn that makes the document called `name`, if any. */
  idOf(name: string): string | null
  /** What is proposed next goes onto this card of the turn; null begins a new card. */
  openCard(listId: string | null): void
  /**
   * Withdraws a card of an earlier turn in favour of the open one. False when that one is being
   * saved or was: then the open one is dropped instead.
   */
  replace(earlier: string): Promise<boolean>
}

export interface NewProposal {
  action: 'create' | 'update' | 'submit' | 'cancel' | 'delete' | 'amend'
  doctype: string
  /** Existing document, or the id of an earlier operation of this turn. */
  target: { name: string; modified: string | null; title: string } | { ref: string } | null
  values: Record<string, unknown>
  source: { method: string; doctype: string; name: string | { ref: string } } | null
  /** The operation of the open card, or the card of an earlier turn, that it takes the place of. */
  replaces?: string | undefined
}

export type Tool<N extends ToolName> = (
  context: ToolContext,
  args: ToolArguments[N],
) => Promise<ToolResults[N]>

export type Tools = { [N in ToolName]: Tool<N> }
