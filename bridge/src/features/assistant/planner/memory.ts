import { z } from 'zod'
import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import type { ReadQuery } from './reads/read-query.ts'
import type { ChainLink, WritePlan } from './writes/write-plan.ts'

/** Kept with an answer, so that "only the overdue ones" or "the second one" can be understood. */
export interface PlannerMemory {
  planner: 1
  class?: RequestClass
  waiting?: boolean
  /** The last question answered with rows or a figure. */
  query?: ReadQuery
  /** A change that waits for an answer, and what was asked. */
  pending?: { plan: WritePlan; slot: string; options: PendingOption[] }
  /** DocTypes that an answer to the open question may name. */
  waiting_for?: string[]
  /** Parts of the message that wait until the open question is answered. */
  later?: { text: string; class: RequestClass }[]
  /** The last change that was proposed, so that it can be put differently. */
  proposed?: WritePlan
  /** The card it is on. */
  card?: string
  /** The changes on that card, where they build on each other. */
  chain?: ChainLink[] | null
  /** Documents spoken of, newest last. */
  documents?: { doctype: string; name: string; title: string }[]
}

export interface PendingOption {
  name: string
  title: string
  /** What the search said of it besides: group, territory, telephone. */
  about?: string
}

/** `class` and `waiting` are for the router, which reads a short next message in their light. */
export function remembered(
  { memory }: { memory: Omit<PlannerMemory, 'planner'> },
  requestClass: RequestClass,
): PlannerMemory {
  return { planner: 1, class: requestClass, waiting: memory.pending !== undefined, ...memory }
}

const planner = z.object({ planner: z.literal(1) })

/** The planner's own memory out of stored JSON; null when another brain wrote it. */
export function plannerMemory(stored: unknown): PlannerMemory | null {
  return planner.safeParse(stored).success ? (stored as PlannerMemory) : null
}
