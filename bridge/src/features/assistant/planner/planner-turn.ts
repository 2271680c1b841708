import type { Vocabulary } from '../routing/index.ts'
import type { Turn } from '../brain.ts'
import type { Today } from './language/index.ts'
import type { PlannerMemory } from './memory.ts'
import type { SiteReader } from './site-reader.ts'
import type { Wording } from './wording.ts'
import type { WritePlan } from './writes/write-plan.ts'

/** One turn with everything the planner's parts share. */
export interface PlannerTurn {
  turn: Turn
  today: Today
  vocabulary: Vocabulary
  site: SiteReader
  wording: Wording
  /** What the planner remembered with the last answer, when that was its own. */
  memory: PlannerMemory | null
  /** Shared by the parts of one message. */
  soFar: TurnSoFar
}

/** What the parts of this message have led to up to now. */
export interface TurnSoFar {
  proposed: EarlierProposal[]
  /** A question to the person is open; a second one has to wait. */
  asked: boolean
}

/** A change that an earlier part of the same message proposed. */
export interface EarlierProposal {
  doctype: string
  /** Of a document that is still to be made, the id of the operation that makes it. */
  name: string
  title: string
  isNew: boolean
  list_id: string
  /** Id of its operation, and what it carries out. */
  operation: string
  plan: WritePlan
}
