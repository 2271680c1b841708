import type { PlannerTurn } from './planner-turn.ts'
import type { RequestClass } from '../../../shared/assistant-protocol.ts'
import {
  correctSpelling,
  inPlainWords,
  languageOf,
  readsAsNewAsk,
  withEnglishWords,
} from '../routing/index.ts'
import { passAnswer, textAnswer, type Answer } from './reads/index.ts'
import { answerPending, letGoOf } from './pending-answer.ts'
import { followUp } from './follow-up.ts'
import { questionSaidPlainly } from './gist/index.ts'
import { carryOut, readWrite } from './writes/index.ts'
import { answerLookup } from './reads/lookups.ts'
import { answerReport } from './reads/report-answer.ts'
import { withOpenParty } from './open-party.ts'
import { onlyEnglish } from './only-english.ts'
import { isCode, overviewAnswer } from './reads/overview-answer.ts'
import { answerQuestion } from './reads/question-answer.ts'
import { ABILITIES, smallTalk } from './small-talk.ts'

/** One way of understanding a request; null when it does not apply. */
type Skill = (text: string, planner: PlannerTurn) => Promise<Answer | null>

/** The order matters: what changes something first, then what reads. */
const SKILLS: Skill[] = [
  smallTalk,
  followUp,
  readWrite,
  answerLookup,
  answerReport,
  answerQuestion,
  overviewAnswer,
]

const CHANGING: Skill[] = [smallTalk, followUp, readWrite]

/** Tries the skills in turn; what none understands is passed on or asked back. */
export async function understand(spoken: PlannerTurn): Promise<Answer> {
  const planner = await withOpenParty(spoken)
  const { text } = planner.turn
  const pending = planner.memory?.pending
  if (!pending) return understandNew(planner)
  const answer = await answerPending(text, planner)
  if (answer) return answer
  const { pending: _, waiting_for: __, later: ___, ...memory } = planner.memory!
  const fresh = await understandNew({ ...planner, memory })
  if (fresh.events.some(({ type }) => type === 'pass')) {
    const isNew = readsAsNewAsk(
      text,
      planner.vocabulary.mentions(text),
      planner.memory?.waiting_for,
    )
    return isNew ? fresh : carryOut(pending.plan, planner)
  }
  const note = { type: 'text', text: `${letGoOf(pending, planner)}\n\n` } as const
  return { ...fresh, events: [note, ...fresh.events], letGo: true }
}

async function understandNew(planner: PlannerTurn): Promise<Answer> {
  const { text, route } = planner.turn
  const language = languageOf(text)
  if (language !== 'en') return otherLanguage(language, planner)
  if (route.class === 'out_of_scope') {
    return (await overviewAnswer(inPlainWords(text), planner)) ?? OUTSIDE
  }
  const answer = await bySkill(text, planner)
  if (answer) return answer
  const known = ELSEWHERE[route.class]
  return known
    ? textAnswer(known)
    : passAnswer('I could not tell which records in ERPNext this is about.')
}

async function bySkill(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const named = isCode(text) ? await overviewAnswer(text, planner) : null
  if (named) return named
  const spelled = inPlainWords(correctSpelling(text))
  for (const skill of isChange(planner) ? CHANGING : SKILLS) {
    const answer = await skill(spelled, planner)
    if (answer && isPassed(answer) && planner.turn.route.class === 'lookup') break
    if (answer && !isOnlyNotUnderstood(answer, planner.turn.route.class)) return answer
  }
  return plainLookup(spelled, planner)
}

async function plainLookup(text: string, planner: PlannerTurn): Promise<Answer | null> {
  if (planner.turn.route.class !== 'lookup') return null
  const plain = await questionSaidPlainly(text, planner)
  return plain ? answerLookup(plain, planner) : null
}

/** Where a model can take over, what reads as a change is never answered by only looking. */
function isChange({ turn }: PlannerTurn): boolean {
  const { class: name, confidence } = turn.route
  return turn.fallback === true && CHANGES.has(name) && confidence >= CERTAIN
}

const CERTAIN = 0.65

const CHANGES = new Set<RequestClass>(['create', 'update', 'submit'])

/** Where the site's own labels carry a request, its small words are read in English. */
async function otherLanguage(language: string, planner: PlannerTurn): Promise<Answer> {
  const english = withEnglishWords(planner.turn.text, language)
  for (const text of new Set([english, planner.turn.text])) {
    const isOfSite = planner.vocabulary.mentions(text).some(({ exact }) => exact)
    const turn = { ...planner.turn, text }
    const answer = isOfSite ? await bySkill(text, { ...planner, turn }) : null
    if (answer && !answer.events.some(({ type }) => type === 'pass')) return answer
  }
  const said = onlyEnglish(language)
  return planner.turn.fallback ? passAnswer(said) : textAnswer(said)
}

function isPassed(answer: Answer): boolean {
  return answer.events.some(({ type }) => type === 'pass')
}

/** For these classes the planner has words of its own, better than a bare "not understood". */
function isOnlyNotUnderstood(answer: Answer, requestClass: RequestClass): boolean {
  return answer.events.some(({ type }) => type === 'pass') && requestClass in ELSEWHERE
}

const OUT_OF_SCOPE =
  'That is not something I can help with: I work with the records in your ERPNext. ' +
  'Ask me for lists, totals, documents or changes there.'

const OUTSIDE: Answer = { ...textAnswer(OUT_OF_SCOPE), outside: true }

const ELSEWHERE: Partial<Record<RequestClass, string>> = {
  unclear:
    'I am not sure what you mean. Say which records it is about and what to do, for example ' +
    '"unpaid invoices of a customer" or "quotation for 5 of an item to a customer".',
  administration:
    'Teams, plans, usage, API keys and providers have pages of their own: open Team, Plan, Usage ' +
    'or Settings in Steward.',
  file: 'Drop the file into this conversation, or open Files: I read it from there.',
  help: ABILITIES,
}
