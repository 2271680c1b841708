import type { BrainEvent } from '../../brain.ts'
import type { PlannerMemory } from '../memory.ts'

/** What a part of the planner answers with; the planner turns it into events. */
export interface Answer {
  events: BrainEvent[]
  memory: Omit<PlannerMemory, 'planner'>
  /** It would have asked a second question in one message; it is taken up after the first. */
  postponed?: true
  /** Turned away as none of ERPNext's business. */
  outside?: true
  /** The open question was let go: what waited for its answer is let go as well. */
  letGo?: true
}

export function textAnswer(text: string, memory: Answer['memory'] = {}): Answer {
  return { events: [{ type: 'text', text }], memory }
}

/** One question at a time: what would ask too is taken up when the first is answered. */
export function postponed(part: string): Answer {
  return { ...textAnswer(`I come to "${part}" once that is answered.`), postponed: true }
}

/** Not for the planner: a model may take over, with this reason. */
export function passAnswer(reason: string): Answer {
  return { events: [{ type: 'pass', reason }], memory: {} }
}
