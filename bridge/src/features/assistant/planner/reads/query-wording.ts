import type { PlannerTurn } from '../planner-turn.ts'
import { plural } from '../wording.ts'
import type { ReadQuery } from './read-query.ts'

/** "unpaid Sales Invoices over 500 due this month": what a query looks at; `count` tells one from many. */
export function describeQuery(query: ReadQuery, planner: PlannerTurn, count = 0): string {
  const noun = nounOf(query, planner)
  const { amount, party, item, period, others } = query
  const amountWords = amount
    ? `${amount.words.replaceAll(/\d[\d.]*/g, (digits) => planner.wording.number(Number(digits)))}`
    : ''
  const parts = [
    query.statuses.join(', '),
    count === 1 ? noun : plural(noun),
    party ? `of ${party.title}` : '',
    item ? `with ${item.title}` : '',
    ...others.map(({ words }) => words),
    amountWords,
    period ? period.words.replaceAll(/\d{4}-\d{2}-\d{2}/g, (day) => planner.wording.date(day)) : '',
  ]
  return parts.filter(Boolean).join(' ')
}

export function nounOf(query: ReadQuery, planner: PlannerTurn): string {
  return planner.vocabulary.label(query.doctype)
}
