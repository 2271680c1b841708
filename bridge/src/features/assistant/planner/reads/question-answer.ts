import { isNoName } from '../gist/index.ts'
import { Sentence } from '../language/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import { passAnswer, textAnswer, type Answer } from './answer.ts'
import { datedFiscalYear } from './fiscal-year.ts'
import { takeOpening } from './opening-words.ts'
import { pageParty } from './page-scope.ts'
import { measureFor } from './measures.ts'
import { answerQuery } from './query-answer.ts'
import { resolveNames } from './query-names.ts'
import { readQuery } from './query-reader.ts'
import type { ReadQuery } from './read-query.ts'

/** Questions about sets of documents: lists, counts, sums, rankings. */
export async function answerQuestion(text: string, planner: PlannerTurn): Promise<Answer | null> {
  const sentence = new Sentence(text)
  takeOpening(sentence)
  const party = pageParty(sentence, planner)
  const listed = onPage(text, planner)
  const reading = readQuery(sentence, planner, listed)
  if (!reading) return null
  const { query } = reading
  if (listed === query.doctype) query.others.push(...openFilters(planner))
  if (party && knowledgeOf(query.doctype)?.party) {
    query.party = { ...party, field: knowledgeOf(query.doctype)!.party!.field }
  }
  const names = await resolveNames(sentence, reading, planner)
  if (names.status === 'not_understood') {
    const { asName } = names
    const isWritten = !planner.turn.fallback || (NAME.test(names.text) && !isNoName(names.text))
    if (!asName || !isWritten) return passAnswer(`I did not understand "${names.text}" here.`)
    return textAnswer(`I found no ${asName.toLowerCase()} that "${names.text}" could be.`)
  }
  if (sentence.rest().some(({ text: left }) => NEGATION.test(left))) {
    return passAnswer('I did not understand what is to be left out here.')
  }
  if (planner.turn.fallback && query.kind === 'list' && !query.group && WONDERS.test(text)) {
    return passAnswer('I did not understand what is asked about them.')
  }
  countPieces(query, text, planner)
  query.period = await datedFiscalYear(query.period, planner)
  return answerQuery(query, planner, names.notes)
}

/** Where, why and how are no list. */
const WONDERS = /^\W*(?:and |so )?(?:where|why|how(?! (?:many|much|about)\b))\b/i

/** "how many DESK-120 did we sell": pieces, not the documents they stand on. */
function countPieces(query: ReadQuery, text: string, { vocabulary }: PlannerTurn): void {
  const isNamed = vocabulary.mentions(text).some(({ kind }) => kind === 'doctype')
  if (query.kind !== 'count' || !query.item || isNamed) return
  query.kind = 'sum'
  query.measure = measureFor(query.doctype, 'quantity')
}

/** Written like a name or a code: where a model can take over, other words are no name. */
const NAME = /^\p{Lu}|[-\d]/u
/** What no state has taken up turns the question round. */
const NEGATION = /\b(?:not|never|without|except|excluding|neither|nor|no|none|nobody)\b|n['’]t\b/i

/** On an open list, "how many are overdue" is about that list. */
function onPage(text: string, { turn }: PlannerTurn): string | null {
  const { page } = turn
  return page && page.name === null && /\b(?:these|those|this list|them|here|are)\b/i.test(text)
    ? page.doctype
    : null
}

/** What the open list is narrowed to holds for a question about it. */
function openFilters({ turn }: PlannerTurn): ReadQuery['others'] {
  const filters = turn.page?.filters ?? []
  return filters.length > 0 ? [{ filters, words: 'in the open list' }] : []
}
