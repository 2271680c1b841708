import type { AnswerTable } from '../../../../shared/assistant-protocol.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { textAnswer, type Answer } from './answer.ts'
import { groupAnswer } from './group-answer.ts'
import { filtersOf } from './query-filters.ts'
import { describeQuery, nounOf } from './query-wording.ts'
import type { ReadQuery } from './read-query.ts'

const LIST_LIMIT = 50

/** Asks the site and words the answer; one call in the common case. */
export async function answerQuery(
  query: ReadQuery,
  planner: PlannerTurn,
  notes: string[] = [],
): Promise<Answer> {
  if (query.group) return withNotes(await groupAnswer(query, planner), notes)
  if (query.kind === 'list') return withNotes(await listAnswer(query, planner), notes)
  return withNotes(await figureAnswer(query, planner), notes)
}

async function listAnswer(query: ReadQuery, planner: PlannerTurn): Promise<Answer> {
  const known = knowledgeOf(query.doctype)
  const order = query.order ?? defaultOrder(query)
  const { table } = await planner.site.call('list_records', {
    doctype: query.doctype,
    ...(known && { fields: known.columns }),
    filters: filtersOf(query, planner.turn.today),
    order_by: `${order.field} ${order.direction}`,
    limit: query.limit ?? LIST_LIMIT,
    title: describeQuery(query, planner),
  })
  const events: Answer['events'] = [{ type: 'text', text: listText(query, table, planner) }]
  if (table.rows.length > 0) events.push({ type: 'table', table })
  return { events, memory: { query, documents: documentsOf(table) } }
}

function defaultOrder(query: ReadQuery): NonNullable<ReadQuery['order']> {
  const known = knowledgeOf(query.doctype)
  const byDue = query.statuses.includes('overdue') || query.period?.field === known?.due
  if (byDue && known?.due) return { field: known.due, direction: 'asc' }
  if (known?.title && !known.due && known.date === 'creation') {
    return { field: known.title, direction: 'asc' }
  }
  return { field: known?.date ?? 'modified', direction: 'desc' }
}

function listText(query: ReadQuery, table: AnswerTable, planner: PlannerTurn): string {
  const shown = table.rows.length
  const total = table.total ?? shown
  const { number } = planner.wording
  if (shown === 0) return `There are no ${describeQuery(query, planner)}.`
  if (query.limit && total > shown) {
    const what = describeQuery(query, planner)
    const lead = shown === 1 ? 'Here is one' : `Here are ${number(shown)}`
    return `${lead} of the ${number(total)} ${what}, ${orderWords(query)} first.`
  }
  const sum = sumText(query, table, planner)
  return `${number(total)} ${describeQuery(query, planner, total)}${sum}.`
}

function orderWords(query: ReadQuery): string {
  const { field, direction } = query.order ?? defaultOrder(query)
  const isAmount = field === knowledgeOf(query.doctype)?.amount
  if (isAmount) return direction === 'desc' ? 'largest' : 'smallest'
  return direction === 'desc' ? 'latest' : 'earliest'
}

/** The sum of what the list shows, only when every row is there and in one currency. */
function sumText(query: ReadQuery, table: AnswerTable, planner: PlannerTurn): string {
  const known = knowledgeOf(query.doctype)
  const owed = query.statuses.some((status) => status === 'unpaid' || status === 'overdue')
  const field = owed && known?.outstanding ? known.outstanding : known?.amount
  const column = table.columns.find(({ key }) => key === field)
  if (!field || !column?.options || (table.total ?? 0) > table.rows.length) return ''
  const sum = table.rows.reduce((total, row) => total + Number(row[field] ?? 0), 0)
  const suffix = owed && known?.outstanding ? ' outstanding' : ''
  return `, ${planner.wording.money(sum, column.options)}${suffix} in all`
}

function documentsOf(table: AnswerTable) {
  const link = table.row_link
  if (!link) return []
  return table.rows.slice(0, 50).map((row) => {
    const name = String(row[link.name_key])
    return { doctype: link.doctype, name, title: name }
  })
}

async function figureAnswer(query: ReadQuery, planner: PlannerTurn): Promise<Answer> {
  const { kind, measure } = query
  const figure =
    kind === 'count' || kind === 'list' ? null : { function: kind, field: measure?.field }
  if (figure && !measure) {
    return textAnswer(`A ${nounOf(query, planner)} has no amount that I could add up.`)
  }
  const { table } = await planner.site.call('aggregate', {
    doctype: query.doctype,
    filters: filtersOf(query, planner.turn.today),
    measures: [
      { function: 'count', as: 'documents' },
      ...(figure ? [{ function: figure.function, field: figure.field, as: 'figure' }] : []),
    ],
    title: describeQuery(query, planner),
  })
  const row = table.rows[0] ?? {}
  const count = Number(row.documents ?? 0)
  const currency = table.columns.find(({ key }) => key === 'figure')?.options ?? null
  const value = Number(row.figure ?? 0)
  return textAnswer(figureText(query, planner, count, value, currency), { query })
}

function figureText(
  query: ReadQuery,
  planner: PlannerTurn,
  count: number,
  value: number,
  currency: string | null,
): string {
  const number = planner.wording.number(count)
  const what = describeQuery(query, planner, count)
  if (query.kind === 'count') return `${count === 0 ? 'No' : number} ${what}.`
  const figure = query.measure?.isMoney
    ? planner.wording.money(value, currency)
    : planner.wording.number(value)
  const { kind } = query
  const name = { sum: 'in all', avg: 'on average', max: 'at most', min: 'at least', list: '' }[kind]
  const label = query.measure?.label.toLowerCase()
  const over = count === 0 ? `there are no ${what}` : `over ${number} ${what}`
  return `${figure} ${name} (${label}), ${over}.`
}

function withNotes(answer: Answer, notes: string[]): Answer {
  if (notes.length === 0) return answer
  return { ...answer, events: [...answer.events, { type: 'text', text: `\n\n${notes.join(' ')}` }] }
}
