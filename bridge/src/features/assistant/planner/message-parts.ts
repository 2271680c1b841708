import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import type { BrainEvent } from '../brain.ts'
import { explained } from './explained.ts'
import { remembered, type PlannerMemory } from './memory.ts'
import type { PlannerTurn } from './planner-turn.ts'
import { passAnswer, postponed, type Answer } from './reads/index.ts'

interface Part {
  text: string
  class: RequestClass
}

/** Answers a message; what asks for several things is taken part by part, one card for each. */
export async function answerMessage(planner: PlannerTurn): Promise<Answer> {
  const { route, text } = planner.turn
  const isSplit = route.parts.length > 1
  const own = isSplit ? route.parts : [{ text, class: route.class }]
  const later = planner.memory?.pending ? (planner.memory.later ?? []) : []
  if (own.length + later.length === 1) return explained(planner)
  const first = await answerAll(own, planner, planner.memory)
  const isLetGo = first.some(({ answer }) => answer.letGo)
  const rest = isLetGo ? [] : await answerAll(later, planner, memoryAfter(first))
  const answered = [...first, ...rest]
  return passedWhole(answered, planner) ?? joined(answered)
}

interface Answered {
  part: Part
  answer: Answer
}

async function answerAll(
  parts: Part[],
  planner: PlannerTurn,
  before: PlannerMemory | null,
): Promise<Answered[]> {
  const answered: Answered[] = []
  for (const part of parts) {
    const memory = answered.length > 0 ? (memoryAfter(answered) ?? before) : before
    const route = { ...planner.turn.route, class: part.class, parts: [part] }
    const turn = { ...planner.turn, text: part.text, route }
    const answer = await explained({ ...planner, turn, memory })
    answered.push({ part, answer: waitsToo(part, answer, planner) ?? answer })
  }
  return answered
}

/** "and submit it", while what "it" will be is still asked about. */
function waitsToo(part: Part, answer: Answer, { soFar }: PlannerTurn): Answer | null {
  const isAboutIt = /\b(?:it|that|them|its|the (?:order|invoice|quotation|note))\b/i.test(part.text)
  return soFar.asked && isAboutIt && reasonOf(answer) !== null ? postponed(part.text) : null
}

/** What a part may look back on: what was shown, not what was asked or proposed beside it. */
function memoryAfter(answered: Answered[]): PlannerMemory | null {
  const last = answered.at(-1)
  if (!last) return null
  const { query, documents } = merged(answered)
  const memory = { ...(query && { query }), ...(documents && { documents }) }
  return remembered({ memory }, last.part.class)
}

/** With a model at hand, what is understood in part only is left to it whole, unless a card stands. */
function passedWhole(answered: Answered[], planner: PlannerTurn): Answer | null {
  const { soFar, turn } = planner
  const reason = answered.map(({ answer }) => reasonOf(answer)).find((text) => text !== null)
  const isAll = answered.every(({ answer }) => reasonOf(answer) !== null)
  const isFree = turn.fallback === true && soFar.proposed.length === 0 && !soFar.asked
  return reason && (isFree || isAll) ? passAnswer(reason) : null
}

function reasonOf(answer: Answer): string | null {
  const pass = answer.events.find((event) => event.type === 'pass')
  return pass?.type === 'pass' ? pass.reason : null
}

function joined(answered: Answered[]): Answer {
  const events = answered.flatMap(({ part, answer }, index): BrainEvent[] => {
    const reason = reasonOf(answer)
    const cannot = { type: 'text', text: `I could not do "${part.text}": ` } as const
    const own: BrainEvent[] =
      reason !== null
        ? [{ ...cannot, text: cannot.text + reason }]
        : [...(answer.outside ? [cannot] : []), ...answer.events]
    return index === 0 ? own : [{ type: 'text', text: '\n\n' }, ...own]
  })
  return { events, memory: merged(answered) }
}

/** The newest of everything; the question that is open, and the parts that wait for its answer. */
function merged(answered: Answered[]): Answer['memory'] {
  const newest = Object.assign(
    {},
    ...answered.map(({ answer }) => answer.memory),
  ) as Answer['memory']
  const asking = answered.find(({ answer }) => answer.memory.pending)
  const later = answered.flatMap(({ part, answer }) => (answer.postponed ? [part] : []))
  const documents = answered.flatMap(({ answer }) => answer.memory.documents ?? [])
  return {
    ...newest,
    ...(documents.length > 0 && { documents }),
    ...(asking && { class: asking.part.class, pending: asking.answer.memory.pending! }),
    ...(later.length > 0 && { later }),
  }
}
