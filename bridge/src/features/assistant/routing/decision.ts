import type {
  PageContext,
  RequestClass,
  RouteDecision,
} from '../../../shared/assistant-protocol.ts'
import type { PastMessage } from '../brain.ts'
import { conversationState, isFollowUp, type ConversationState } from './conversation-state.ts'
import { featuresOf } from './features.ts'
import { correctSpelling } from './spelling-correction.ts'
import { languageOf } from './language.ts'
import { isBusinessWord } from './lexicon.ts'
import { asksAboutName, type NameFinder } from './known-names.ts'
import type { ClassProbability, LinearModel } from './linear-model.ts'
import { readsAsNewAsk } from './new-ask.ts'
import { splitParts } from './parts.ts'
import { inPlainWords } from './plain-wording.ts'
import { thresholdOf, type Thresholds } from './threshold.ts'
import type { Mention, Vocabulary } from './vocabulary.ts'

export interface DecisionInput {
  text: string
  page: PageContext | null
  history: PastMessage[]
  vocabulary: Vocabulary
  /** Tiers that have a model right now. */
  tiers: { small: boolean; large: boolean }
  thresholds: Thresholds
  /** Finds parties and items this person may see. */
  names?: NameFinder
}

/** Decides who serves a request and says why; a pure function of its input. */
export function decide(input: DecisionInput, model: LinearModel): RouteDecision {
  const texts = splitParts(input.text)
  const parts = texts.map((text) => ({ text, ...classify(text, input, model) }))
  const [first] = parts
  const candidates =
    texts.length > 1 ? classify(input.text, input, model).candidates : first!.candidates
  const weakest = parts.reduce(
    (low, part) => (part.confidence < low.confidence ? part : low),
    first!,
  )
  const chosen = { class: first!.class, confidence: weakest.confidence }
  const known = parts.map((part) => part.class)
  return {
    ...chosen,
    ...handlerFor(chosen, known, input, parts.length === 1 && first!.isAnswer),
    candidates: candidates.slice(0, 4),
    parts: parts.map((part) => ({ text: part.text, class: part.class })),
  }
}

interface Classified extends ClassProbability {
  isAnswer: boolean
  candidates: ClassProbability[]
}

function classify(text: string, input: DecisionInput, model: LinearModel): Classified {
  const state = conversationState(input.history)
  const spelled = inPlainWords(correctSpelling(text))
  const mentions = input.vocabulary.mentions(spelled)
  if (state && isReply(spelled, state, mentions) && text.split(/\s+/).length <= 10) {
    const confidence = state.waiting ? 0.9 : 0.85
    const decided = { class: state.class, confidence }
    return { ...decided, isAnswer: state.waiting, candidates: [decided] }
  }
  const named = input.names?.(spelled) ?? []
  if (asksAboutName(spelled, named)) {
    return { ...ABOUT_A_NAME, isAnswer: false, candidates: [ABOUT_A_NAME] }
  }
  const ranked = model.classify(featuresOf(spelled, mentions))
  const isNamed = named.some(isWhole)
  const ofSite = mentions.length > 0 || namesBusiness(text) || input.page !== null || isNamed
  const candidates = ranked.filter(
    ({ class: name, confidence }) =>
      name !== 'out_of_scope' || !ofSite || confidence > (isNamed ? CERTAIN_OUTSIDE : SURE_OUTSIDE),
  )
  return { ...candidates[0]!, isAnswer: false, candidates }
}

const ABOUT_A_NAME: ClassProbability = { class: 'lookup', confidence: 0.9 }

/** Several words: a single one may be a name of anything. */
function isWhole({ start, end, exact }: Mention): boolean {
  return exact && end - start > 8
}

/** True when the words alone leave it open what is meant, so that names may tell. */
export function leavesOpen({ class: name, confidence }: RouteDecision): boolean {
  return OPEN_CLASSES.has(name) || confidence < 0.6
}

const OPEN_CLASSES = new Set<RequestClass>(['unclear', 'out_of_scope', 'insight', 'help'])

/** An answer to the open question, or a change of what was asked or proposed before. */
function isReply(text: string, state: ConversationState, mentions: Mention[]): boolean {
  const isAnswer = state.waiting && !readsAsNewAsk(text, mentions, state.waiting_for)
  return isAnswer || isFollowUp(text, state.class)
}

/** A document's name, or a word for money, a state, a property, a report. */
function namesBusiness(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  return DOCUMENT_NAME.test(text) || words.some(isBusinessWord)
}

/** With a word of the site in it, a request is only out of scope when hardly anything else fits. */
const SURE_OUTSIDE = 0.8
/** With somebody in it whom the site knows, even less. */
const CERTAIN_OUTSIDE = 0.97
const DOCUMENT_NAME = /\b[a-z]{2,}(?:-[a-z0-9]+)*-\d{4,}(?:-\d+)*\b/i

/** Classes the local planner has something to say about. */
const LOCAL = new Set<RequestClass>([
  'help',
  'lookup',
  'list',
  'aggregate',
  'create',
  'update',
  'submit',
  'out_of_scope',
  'unclear',
  'administration',
  'file',
])

function handlerFor(
  chosen: ClassProbability,
  known: RequestClass[],
  { text, tiers, thresholds }: DecisionInput,
  /** A name or a day somebody was asked for: no language of its own. */
  isAnswer: boolean,
): Pick<RouteDecision, 'handler' | 'reason'> {
  const parts = known.length
  const percent = `${Math.round(chosen.confidence * 100)} %`
  const what = WORDS[chosen.class]
  const threshold = thresholdOf(thresholds, chosen.class)
  if (!tiers.small && !tiers.large) {
    return {
      handler: 'local',
      reason: `Read as ${what} (${percent}); answered here, as no model is set up.`,
    }
  }
  if (chosen.class === 'out_of_scope' && chosen.confidence >= threshold) {
    return { handler: 'local', reason: `Read as ${what} (${percent}).` }
  }
  const small = tiers.small ? 'small' : 'large'
  const large = tiers.large ? 'large' : 'small'
  if (!isAnswer && languageOf(text) !== 'en') {
    return { handler: small, reason: 'Not in English, so a model reads it.' }
  }
  if (parts > 2 || text.split(/\s+/).length > LONG) {
    return { handler: large, reason: 'Long or of several parts, so the large model takes it.' }
  }
  if (!LOCAL.has(chosen.class)) {
    return { handler: large, reason: `Read as ${what} (${percent}); that needs a model.` }
  }
  if (parts > 1 && (chosen.confidence < threshold || !known.every((name) => LOCAL.has(name)))) {
    return { handler: small, reason: 'Two asks in one message, so a model takes them in turn.' }
  }
  return chosen.confidence >= threshold
    ? { handler: 'local', reason: `Read as ${what} (${percent}), which needs no model.` }
    : {
        handler: small,
        reason: `Probably ${what}, but only ${percent} sure (${Math.round(threshold * 100)} % needed), so a model reads it.`,
      }
}

const LONG = 60

const WORDS: Record<RequestClass, string> = {
  help: 'small talk or a question about Steward',
  lookup: 'a question about one record',
  list: 'a list',
  aggregate: 'a figure or a report',
  create: 'a new document',
  update: 'a change to a document',
  submit: 'submitting, cancelling or deleting',
  file: 'work with a file',
  insight: 'a forecast or an explanation',
  administration: 'team, plan or settings',
  out_of_scope: 'nothing about ERPNext',
  unclear: 'unclear',
}
