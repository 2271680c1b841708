import { Sentence, takeComparison, takePeriod } from './language/index.ts'
import { revisionSaidPlainly } from './gist/index.ts'
import { knowledgeOf } from './knowledge/index.ts'
import { mentionedDocuments } from './mentioned-documents.ts'
import { bestName } from './names.ts'
import type { PlannerTurn } from './planner-turn.ts'
import {
  answerQuery,
  leftovers,
  takeStatuses,
  textAnswer,
  type Answer,
  type ReadQuery,
} from './reads/index.ts'
import { groupFieldOf, takeGrouping } from './reads/grouping.ts'
import { measureFor, takeMeasure } from './reads/measures.ts'
import { ofDoctype } from './reads/other-doctype.ts'
import { openList } from './reads/page-scope.ts'
import { takeKind } from './reads/query-kind.ts'
import {
  carryOut,
  carryOutChain,
  changeOfSaved,
  type ChainLink,
  reviseProposal,
  type WritePlan,
} from './writes/index.ts'

const LEAD =
  /^\W*(?:and|only|just|now|but|ok(?:ay)?,?|what about|how about|same(?: thing)?|the same|also|then|of (?:those|these|them)|which of (?:those|these|them)(?: are)?|filter|narrow(?: it)?(?: down)?(?: to)?|show only|show me only|sort|order|group|by|per|for|in|exclude|without|except|over|under|above|below|more than|less than|at least|at most|between|since|the (?:overdue|unpaid|open|paid|draft) ones|(?:just |only )?(?:the|those) ones?|those (?:over|above|under|below|from|of|in|for|with))\b/i
const SHORT =
  /^\W*(?:and )?(?:how many(?: (?:are there|of (?:them|those)|is that|are (?:they|those|these)))?|(?:the )?(?:grand )?total|what(?:'s| is) the total|how much (?:is|are) (?:that|this|they|those|these|it)(?: all)?(?: in total| altogether| together| in all)?|(?:sum|add) (?:them|it) up|top \d+|last \w+|this \w+)\W*$/i

/** Short messages that change the last question or the last proposal. */
export async function followUp(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const { memory } = planner
  if (memory?.chain && memory.card) {
    const answer = await revisedChain(text, memory.chain, memory.card, planner)
    if (answer) return answer
  } else if (memory?.proposed) {
    const revised = await revisedPlan(text, memory.proposed, planner)
    if (revised) return carryOut(revised, planner)
    const isOpen = savedOf(memory.proposed, planner) === undefined
    if (
      isOpen &&
      /^\W*(?:cancel|reject|discard|forget|never ?mind|undo)(?: (?:that|it|this))?\W*$/i.test(text)
    ) {
      return textAnswer('Nothing was saved yet: reject the card above and it is gone.', {
        ...memory,
      })
    }
  }
  const before = memory?.query ?? openList(planner)
  if (!before || !(LEAD.test(text) || SHORT.test(text)) || text.split(/\s+/).length > 12)
    return null
  return (await sameOfOthers(text, before, planner)) ?? changedQuery(text, before, planner)
}

const SAME =
  /^\W*(?:and|ok(?:ay)?|now|but|then)?,? ?(?:(?:what|how) about|(?:the )?same(?: thing)?(?: again)?(?: for| with| of)?|for|now for|those of)? ?(?:the |our |all )*(.+?)(?: too| as well| please)?\W*$/i

/** "and how about purchase invoices": the same question about another kind of document. */
async function sameOfOthers(
  text: string,
  before: ReadQuery,
  planner: PlannerTurn,
): Promise<Answer | null> {
  const what = SAME.exec(text)?.[1] ?? ''
  const [mention, ...others] = planner.vocabulary.mentions(what)
  const isAll = mention?.start === 0 && mention.end === what.length && others.length === 0
  if (!isAll || mention.kind !== 'doctype' || mention.value === before.doctype) return null
  if (MASTERS.has(mention.value) || !knowledgeOf(mention.value)) return null
  return answerQuery(ofDoctype(before, mention.value), planner)
}

/** The first change of the card that the sentence can be about, put differently; the others with it. */
async function revisedChain(
  text: string,
  chain: ChainLink[],
  card: string,
  planner: PlannerTurn,
): Promise<Answer | null> {
  if (mentionedDocuments(text).length > 0) return null
  for (const [index, { id, plan }] of chain.entries()) {
    const about = { ...planner, memory: { ...planner.memory!, proposed: plan } }
    const revised = (await reviseProposal(text, plan, about)) ?? (await plainly(text, about))
    if (!revised) continue
    const saved = savedOf(plan, planner)
    if (saved && !plan.name) return textAnswer(savedWords(saved.name), { ...planner.memory })
    const changed = chain.map((link, at) => (at === index ? { id, plan: revised } : link))
    return carryOutChain(changed, card, planner)
  }
  return PUT_DIFFERENTLY.test(text) ? textAnswer(BUNDLED, { ...planner.memory }) : null
}

const savedWords = (name: string) =>
  `The card above was approved, so ${name} is saved: say what to change in ${name}.`

const PUT_DIFFERENTLY =
  /^\W*(?:no,? |actually,? |sorry,? |please )*(?:make it|change it|only \d|just \d|use .+ instead|.+ instead\W*$)/i
const BUNDLED =
  'The card above holds several changes that build on each other. Reject it and say the whole again.'

/** Takes the place of the card that was proposed; of what was saved meanwhile it changes the document. */
async function revisedPlan(
  text: string,
  before: WritePlan,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  const named = mentionedDocuments(text)
  if (named.some(({ name }) => name !== before.name)) return null
  const revised = (await reviseProposal(text, before, planner)) ?? (await plainly(text, planner))
  if (!revised) return null
  const saved = savedOf(before, planner)
  if (!saved) return { ...revised, replaces: planner.memory?.card ?? null }
  return before.action === 'update' ? revised : changeOfSaved(before, revised, saved.name)
}

async function plainly(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  const plain = await revisionSaidPlainly(text, planner)
  return plain ? reviseProposal(plain, planner.memory!.proposed!, planner) : null
}

/** The document that the last proposal came to, once it was approved. */
function savedOf({ doctype }: WritePlan, { turn }: PlannerTurn) {
  const last = turn.history.findLast(({ role }) => role === 'assistant')
  return last?.documents.findLast((document) => document.doctype === doctype)
}

async function changedQuery(
  text: string,
  before: ReadQuery,
  planner: PlannerTurn,
): Promise<Answer | null> {
  const sentence = new Sentence(text)
  const named = planner.vocabulary.mentions(sentence.text).filter(({ kind }) => kind === 'doctype')
  const isGroupWord = /\b(?:by|per|each)\b/.test(sentence.text)
  const others = named.filter(({ value }) => value !== before.doctype)
  if (others.some(({ value }) => !MASTERS.has(value)) && !isGroupWord) return null
  sentence.take(
    /^\W*(?:and|but|(?:only |just )?(?:the|those) ones?|only|just|now|but|those(?= (?:over|above|under|below|from|of|in|for|with))|what about|how about|same(?: thing)?|the same|also|then|of (?:those|these|them)|which of (?:those|these|them)(?: are)?|filter|show (?:me )?only|only show|narrow(?: it)?(?: down)?(?: to)?)\b/,
  )
  const query: ReadQuery = { ...before, limit: before.limit }
  const changes = [
    setPeriod(sentence, query, planner),
    setAmount(sentence, query),
    setGrouping(sentence, query),
    setKind(sentence, query),
    setStatuses(sentence, query),
  ]
  for (const mention of planner.vocabulary.mentions(sentence.text)) {
    if (mention.kind === 'doctype') sentence.takeSpan(mention.start, mention.end)
  }
  const party = await setParty(sentence, query, planner)
  if (party === 'unknown') return null
  if (!changes.some(Boolean) && party === 'none') return null
  return answerQuery(query, planner)
}

const MASTERS = new Set(['Customer', 'Supplier', 'Item', 'Territory', 'Item Group'])

function setPeriod(sentence: Sentence, query: ReadQuery, planner: PlannerTurn): boolean {
  const isDue = sentence.take(/\b(?:that are |which are )?due\b/) !== null
  const period = takePeriod(sentence, planner.today)
  const known = knowledgeOf(query.doctype)
  const field = isDue ? known?.due : (query.period?.field ?? known?.date)
  if (!period || !field) return false
  query.period = { ...period, words: isDue ? `due ${period.words}` : period.words, field }
  return true
}

function setAmount(sentence: Sentence, query: ReadQuery): boolean {
  const amount = takeComparison(sentence)
  const field = query.amount?.field ?? knowledgeOf(query.doctype)?.amount
  if (!amount || !field) return false
  query.amount = { ...amount, field }
  return true
}

function setGrouping(sentence: Sentence, query: ReadQuery): boolean {
  const grouping = takeGrouping(sentence)
  if (!grouping) return false
  query.group = groupFieldOf(query.doctype, grouping)
  if (query.kind === 'list') query.kind = 'sum'
  query.measure ??= measureFor(query.doctype, 'amount')
  query.limit = null
  return query.group !== null
}

function setKind(sentence: Sentence, query: ReadQuery): boolean {
  const measure = takeMeasure(sentence)
  const kind = takeKind(sentence)
  if (kind.limit !== null) query.limit = kind.limit
  if (kind.order) {
    const known = knowledgeOf(query.doctype)
    const fields = {
      amount: known?.amount,
      quantity: known?.amount,
      date: known?.date,
      due: known?.due,
    }
    const field = fields[kind.order.by]
    if (field) query.order = { field, direction: kind.order.direction }
  }
  if (kind.explicit) {
    query.kind = kind.kind
    query.group = null
    query.measure =
      kind.kind === 'count' ? null : measureFor(query.doctype, measure?.kind ?? 'amount')
  }
  return kind.explicit || kind.limit !== null || kind.order !== null
}

/** A new status refines the old one, unless both are of the same kind (open, then overdue). */
function setStatuses(sentence: Sentence, query: ReadQuery): boolean {
  const statuses = takeStatuses(sentence, query.doctype)
  if (statuses.length === 0) return false
  query.statuses = statuses
  return true
}

async function setParty(
  sentence: Sentence,
  query: ReadQuery,
  planner: PlannerTurn,
): Promise<'set' | 'none' | 'unknown'> {
  const [leftover] = leftovers(sentence)
  if (!leftover) return 'none'
  const known = knowledgeOf(query.doctype)
  const party = known?.party
  if (party) {
    const found = await bestName(planner.site, party.doctype, leftover.text)
    if (found) {
      query.party = { ...found.match, field: party.field }
      return 'set'
    }
  }
  const item = known?.items ? await bestName(planner.site, 'Item', leftover.text) : null
  if (!item) return 'unknown'
  query.item = item.match
  return 'set'
}
