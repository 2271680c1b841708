import { z } from 'zod'
import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import type { ReadQuery } from './reads/read-query.ts'
import type { WritePlan } from './writes/write-plan.ts'

/** Kept with an answer, so that "only the overdue ones" or "the second one" can be understood. */
export interface PlannerMemory {
  planner: 1
  class?: RequestClass
  waiting?: boolean
  /** The last question answered with rows or a figure. */
  query?: ReadQuery
  /** A change that waits for an answer, and what was asked. */
  pending?: { plan: WritePlan; slot: string; options: { name: string; title: string }[] }
  /** The last change that was proposed, so that it can be put differently. */
  proposed?: WritePlan
  /** Documents spoken of, newest last. */
  documents?: { doctype: string; name: string; title: string }[]
}

const planner = z.object({ planner: z.literal(1) })

/** The planner's own memory out of stored JSON; null when another brain wrote it. */
export function plannerMemory(stored: unknown): PlannerMemory | null {
  return planner.safeParse(stored).success ? (stored as PlannerMemory) : null
}
