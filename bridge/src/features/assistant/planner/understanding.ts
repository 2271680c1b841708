import type { PlannerTurn } from './planner-turn.ts'
import { passAnswer, type Answer } from './reads/index.ts'
import { answerPending } from './pending-answer.ts'
import { followUp } from './follow-up.ts'
import { readWrite } from './writes/index.ts'
import { answerLookup } from './reads/lookups.ts'
import { answerReport } from './reads/report-answer.ts'
import { answerQuestion } from './reads/question-answer.ts'
import { smallTalk } from './small-talk.ts'

/** One way of understanding a request; null when it does not apply. */
type Skill = (text: string, planner: PlannerTurn) => Promise<Answer | null>

/** The order matters: an open question first, then what changes something, then what reads. */
const SKILLS: Skill[] = [
  answerPending,
  smallTalk,
  followUp,
  readWrite,
  answerLookup,
  answerReport,
  answerQuestion,
]

/** Tries the skills in turn. */
export async function understand(planner: PlannerTurn): Promise<Answer> {
  const { text } = planner.turn
  if (planner.turn.route.class === 'out_of_scope') return outOfScope()
  for (const skill of SKILLS) {
    const answer = await skill(text, planner)
    if (answer) return answer
  }
  return passAnswer('I could not tell which records in ERPNext this is about.')
}

function outOfScope(): Answer {
  const text =
    'That is not something I can help with: I work with the records in your ERPNext. ' +
    'Ask me for lists, totals, documents or changes there.'
  return { events: [{ type: 'text', text }], memory: {} }
}
