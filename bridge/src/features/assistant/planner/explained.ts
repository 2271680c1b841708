import { isStewardError, type ErrorCode } from '../../../shared/errors.ts'
import type { PlannerTurn } from './planner-turn.ts'
import type { Answer } from './reads/index.ts'
import { understand } from './understanding.ts'

/** What ERPNext or the tools refuse is told in their words; anything else is a fault of ours. */
export async function explained(planner: PlannerTurn): Promise<Answer> {
  try {
    return await understand(planner)
  } catch (error) {
    if (!isStewardError(error) || NOT_OURS_TO_EXPLAIN.includes(error.code)) throw error
    const memory = planner.memory ? { ...planner.memory } : {}
    return {
      events: [
        { type: 'text', text: error.message },
        { type: 'notice', level: 'warning', text: error.message, code: error.code },
      ],
      memory,
    }
  }
}

/** These end or pause the whole request, so the assistant handles them. */
const NOT_OURS_TO_EXPLAIN: ErrorCode[] = [
  'cancelled',
  'deadline_exceeded',
  'site_grant_expired',
  'session_expired',
  'site_unreachable',
  'site_timeout',
  'site_busy',
]
