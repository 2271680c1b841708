import { takeOpening, type Answer } from '../reads/index.ts'
import { Sentence } from '../language/index.ts'
import { isNoName, keepsNumbers, saidPlainly } from '../gist/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { mentionedDocuments } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { readActions } from './action-reader.ts'
import { readTradeDocument } from './create-reader.ts'
import { readMapping } from './mapping-reader.ts'
import { readPayment } from './payment-reader.ts'
import { readRecord } from './record-reader.ts'
import { readUpdate } from './update-reader.ts'
import { carryOut } from './slot-filling.ts'
import type { WritePlan } from './write-plan.ts'

/** Understands a request that changes something; null when it only asks. */
export async function readWrite(text: string, planner: PlannerTurn): Promise<Answer | null> {
  if (NEGATED.test(text)) return null
  const plan = await readPlan(text, planner)
  if (plan && planner.turn.fallback && QUALIFIED.test(text) && !FREE.has(plan.doctype)) return null
  if (plan && isSound(plan, text, planner)) return carryOut(plan, planner)
  const plain = await plainPlan(text, planner)
  if (plain) return carryOut(plain, planner)
  // A model does better than a question about words that were taken for a name.
  return plan && !planner.turn.fallback ? carryOut(plan, planner) : null
}

/** "don't send them a quotation": nothing is to be done. */
const NEGATED = /^\W*(?:please |and |but |so )*(?:do not|don't|never|no need to|you need not)\b/i

/** A part, an exception, a condition, several at once: a plan says none of it. */
const QUALIFIED =
  /\b(?:half|a third|except|unless|but (?:only|not)|only (?:for )?(?:the|those)|every|everyone|everybody|whichever|whenever|same as|as last time|if|provided|otherwise|respectively|and (?:then )?(?:print|e?mail|send|notify|tell|inform|share|forward|download|export|attach))\b/i
const FREE = new Set(['ToDo', 'Task', 'Note', 'Issue', 'Event'])

/** Nothing was taken for a name that is none, and what the text names has found its place. */
function isSound(plan: WritePlan, text: string, planner: PlannerTurn): boolean {
  const { action, slots, doctype, values } = plan
  if (
    slots.some(({ key, asked }) => !key.startsWith('field:') && asked !== null && isNoName(asked))
  )
    return false
  if (slots.some(({ key, asked }) => key === 'party' && /\s\d+ \p{L}/u.test(asked ?? '')))
    return false
  if (!keepsNumbers(plan, text, planner)) return false
  if (action !== 'create') return true
  const isTrade = Boolean(knowledgeOf(doctype)?.items)
  const title = values[knowledgeOf(doctype)?.title ?? '']
  if (typeof title === 'string' && NO_TITLE.test(title)) return false
  if (!isTrade)
    return slots[0]?.asked !== null && (!SPOKEN_OF.has(doctype) || !namesTrade(text, planner))
  // "bill the order of X": one that is there, not a new one.
  if (plan.items.length === 0 && DEFINITE.test(text)) return false
  const isOpen = slots.some(({ key, asked }) => key === 'party' && asked === null)
  return !isOpen || (mentionedDocuments(text).length === 0 && !CAPITALS.test(text))
}

const DEFINITE =
  /(?:\b(?:the|this|that|their|his|her|its)|['’]s) (?:\w+ ){0,2}(?:order|invoice|quotation|quote|bill|offer|delivery note)\b/i
const NO_TITLE = /^(?:in|from|at|for|with|of|as|on|is|are|by) /i

/** A name in the middle that stands nowhere in the plan. */
const CAPITALS = /(?:^|[a-z,:] )\p{Lu}\p{Ll}+(?: (?:& )?\p{Lu}\p{Ll}+)+/u

/** "eight task chairs …, so book a sales order": the order is what is made. */
function namesTrade(text: string, { vocabulary }: PlannerTurn): boolean {
  return vocabulary
    .mentions(text)
    .some(({ kind, value, exact }) => kind === 'doctype' && exact && value in ORDERS)
}

const SPOKEN_OF = new Set(['Task', 'Issue', 'Contact', 'Note'])
const ORDERS = { 'Sales Order': 1, Quotation: 1, 'Sales Invoice': 1, 'Purchase Order': 1 }

async function plainPlan(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const plain = await saidPlainly(text, planner)
  const plan = plain && (await readPlan(plain.text, planner))
  if (!plan || !isSound(plan, plain.text, planner)) return null
  const due = knowledgeOf(plan.doctype)?.due
  if (!plain.day || !due) return plain.day ? null : plan
  return { ...plan, values: { ...plan.values, [due]: plain.day } }
}

const ASKS =
  /^\W*(?:(?:please |can you |could you )*(?:show|list|display|how (?:many|much)|what|which|who|whose|when|where|why|is|are|do|does|did|has|have|tell me|count|find|search)\b)/i
const CHANGES =
  /^\W*(?:please |pls |can you |could you |now )*(?:change|set(?! up)|update|modify|move|postpone|rename|mark|close|submit|cancel|delete|amend|remove|disable|enable|assign|extend|ignore)\b/i
const CREATES =
  /^\W*(?:please |pls |can you |could you |would you |i(?:'d| would)? (?:want|like|need) (?:you )?(?:to )?|let'?s |we need (?:to )?|kindly |now |also |and |then )*(?:create|make|add|new|raise|draft|prepare|issue|write(?: up)?|generate|open|enter|book|register|place|record|log|set up|put in|start|need|another|quote|order|sell|request|buy|get|invoice|bill|remind|amend|credit note|return|refund|todo|to-do|task\s*:|schedule|sales|purchase|quotation|delivery|material|an?\b)/i

async function readPlan(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  if (ASKS.test(text)) return null
  const special =
    (await readPayment(text, planner)) ??
    (await readMapping(text, planner)) ??
    (await readActions(text, planner)) ??
    (await readUpdate(text, planner))
  if (special) return special
  if (CHANGES.test(text)) return null
  return CREATES.test(text) || /\d/.test(text) ? readCreate(text, planner) : null
}

const VERB_DOCTYPES: [pattern: RegExp, doctype: string][] = [
  [/^\W*(?:please |can you |could you )*request\b(?! for quotation)/i, 'Material Request'],
  [/^\W*(?:we|i) need (?:another )?(?:\d|a dozen|some)/i, 'Material Request'],
  [
    /^\W*(?:please |can you |could you )*(?:offer|propose) (?!.*\b(?:order|invoice)\b)/i,
    'Quotation',
  ],
  [/^\W*(?:please |can you |could you )*quote\b/i, 'Quotation'],
  [/^\W*(?:please |can you |could you )*(?:invoice|bill)\b/i, 'Sales Invoice'],
  [
    /^\W*(?:please |can you |could you |we need to |let'?s )*(?:order|buy|get|purchase(?! (?:order|invoice|receipt)))\b.*\bfrom\b/i,
    'Purchase Order',
  ],
  [/^\W*(?:please |can you |could you )*sell\b/i, 'Sales Order'],
  [/^\W*(?:please |can you |could you )*(?:remind me|todo|to-do)\b/i, 'ToDo'],
  [/^\W*task\s*:/i, 'Task'],
]

async function readCreate(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const sentence = new Sentence(text)
  const verb = VERB_DOCTYPES.find(([pattern]) => pattern.test(text))?.[1]
  const isExplicit =
    /\b(?:create|make|add|new|raise|draft|prepare|issue|write|generate|place|register|enter|open a|remind|record|log|set up|book)\b/i.test(
      text,
    )
  if (!verb && asksForMany(text, planner)) return null
  const doctype = createdDoctype(sentence, planner, verb ?? null)
  if (!doctype || !planner.vocabulary.has(doctype)) return null
  const known = knowledgeOf(doctype)
  if (known?.items) {
    if (!isExplicit && !verb && !/\d/.test(sentence.text.replace(/q[1-4]|20\d\d/g, ''))) return null
    if (!isExplicit && !verb && !looksLikeOrder(text)) return null
    return readTradeDocument(sentence, doctype, planner)
  }
  return isExplicit || verb ? readRecord(text, doctype, planner) : null
}

/** "draft invoices", "open orders": a plural with nothing to put into it is a list. */
function asksForMany(text: string, planner: PlannerTurn): boolean {
  const first = planner.vocabulary.mentions(text).find(({ kind }) => kind === 'doctype')
  if (!first || !/s$/i.test(text.slice(first.start, first.end).replace(/address$/i, '')))
    return false
  return !/^\W*(?:please |can you )*(?:create|make|add|new|raise|prepare|generate)\b/i.test(text)
}

/** "quotation for 5 chairs": a document, then a quantity that is no comparison. */
function looksLikeOrder(text: string): boolean {
  return (
    /\b\d[\d.,]*\s*(?:x |×|[a-z"'])/i.test(text) &&
    !/\b(?:over|above|under|below|more than|less than|top|last|next|past)\s+\d|\bowe|\b(?:overdue|unpaid)\b/i.test(
      text,
    )
  )
}

const MADE_HERE = /\b(?:create|make|prepare|draft|raise|new) (?:an? |the |new |them an? )*$/

/** The first doctype named is what is made; the words for it are taken out, items' names are not. */
function createdDoctype(
  sentence: Sentence,
  planner: PlannerTurn,
  verb: string | null,
): string | null {
  takeOpening(sentence)
  const mentions = planner.vocabulary
    .mentions(sentence.text)
    .filter(({ kind }) => kind === 'doctype')
  const made = mentions.find(({ start }) => MADE_HERE.test(sentence.text.slice(0, start)))
  const first = made ?? mentions[0]
  const isVerb =
    first && sentence.text.slice(0, first.start).replace(/\W|please|can you|could you/g, '') === ''
  if (verb && (!first || isVerb || first.value === verb || first.start > 12)) {
    sentence.take(/^[\u0001\s]*(?:please |can you |could you |we need to |let'?s )*[a-z-]+\b/)
    return verb
  }
  if (!first) return null
  const creating = sentence.text.slice(0, first.start)
  sentence.takeSpan(first.start, first.end)
  if (
    /\b(?:create|make|add|new|raise|draft|prepare|issue|write|generate|place|register|enter|record|log|set up|book|a|an)\b/.test(
      creating,
    )
  ) {
    sentence.takeSpan(0, first.start)
  }
  const supplier = /\bfrom\b/.test(sentence.text) && first.value === 'Sales Order'
  return supplier ? 'Purchase Order' : first.value
}
