import type { Vocabulary } from '../routing/index.ts'
import type { Turn } from '../brain.ts'
import type { Today } from './language/index.ts'
import type { PlannerMemory } from './memory.ts'
import type { SiteReader } from './site-reader.ts'
import type { Wording } from './wording.ts'

/** One turn with everything the planner's parts share. */
export interface PlannerTurn {
  turn: Turn
  today: Today
  vocabulary: Vocabulary
  site: SiteReader
  wording: Wording
  /** What the planner remembered with the last answer, when that was its own. */
  memory: PlannerMemory | null
}
