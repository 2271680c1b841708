import { isStewardError, type ErrorCode } from '../../../shared/errors.ts'
import { createVocabulary, type Vocabulary } from '../routing/index.ts'
import type { Brain, BrainEvent, Turn } from '../brain.ts'
import { plannerMemory, type PlannerMemory } from './memory.ts'
import type { PlannerTurn } from './planner-turn.ts'
import type { Answer } from './reads/index.ts'
import { createDescriptionCache, createSiteReader } from './site-reader.ts'
import { understand } from './understanding.ts'
import { createWording } from './wording.ts'

/**
 * Answers everyday requests without a model, from ERPNext's own metadata: no cost, and nothing
 * leaves. What it cannot do it passes on before it has said anything.
 */
export function createLocalPlanner(): Brain {
  const descriptions = createDescriptionCache()
  let vocabulary: Vocabulary | null = null
  return {
    async *answer(turn: Turn): AsyncIterable<BrainEvent> {
      if (vocabulary?.version !== turn.words.version) vocabulary = createVocabulary(turn.words)
      const { person, words } = turn
      const scope = [person.site, person.user, words.version].join('\n')
      const planner: PlannerTurn = {
        turn,
        today: { date: turn.today, dayFirst: /^d/.test(person.date_format) },
        vocabulary,
        site: createSiteReader(turn.tools, descriptions, scope),
        wording: createWording(person),
        memory: lastMemory(turn),
      }
      const answer = await understandOrExplain(planner)
      yield* answer.events
      const passed = answer.events.some(({ type }) => type === 'pass')
      if (!passed) yield { type: 'memory', memory: remembered(answer, turn) }
    },
  }
}

/** `class` and `waiting` are for the router, which reads a short next message in their light. */
function remembered(answer: Answer, { route }: Turn): PlannerMemory {
  const waiting = answer.memory.pending !== undefined
  return { planner: 1, class: route.class, waiting, ...answer.memory }
}

function lastMemory(turn: Turn): PlannerMemory | null {
  const last = turn.history.findLast(({ role }) => role === 'assistant')
  return last ? plannerMemory(last.memory) : null
}

/** What ERPNext or the tools refuse is told in their words; anything else is a fault of ours. */
async function understandOrExplain(planner: PlannerTurn): Promise<Answer> {
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
