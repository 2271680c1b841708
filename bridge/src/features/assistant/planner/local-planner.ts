import { createVocabulary, type Vocabulary } from '../routing/index.ts'
import type { Brain, BrainEvent, Turn } from '../brain.ts'
import { plannerMemory, remembered, type PlannerMemory } from './memory.ts'
import type { PlannerTurn } from './planner-turn.ts'
import { createDescriptionCache, createSiteReader } from './site-reader.ts'
import { answerMessage } from './message-parts.ts'
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
        soFar: { proposed: [], asked: false },
      }
      const answer = await answerMessage(planner)
      yield* answer.events
      const passed = answer.events.some(({ type }) => type === 'pass')
      if (!passed) yield { type: 'memory', memory: remembered(answer, turn.route.class) }
    },
  }
}

function lastMemory(turn: Turn): PlannerMemory | null {
  const last = turn.history.findLast(({ role }) => role === 'assistant')
  return last ? plannerMemory(last.memory) : null
}
