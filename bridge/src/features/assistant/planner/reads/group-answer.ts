import type { AnswerTable } from '../../../../shared/assistant-protocol.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { listed } from '../wording.ts'
import type { Answer } from './answer.ts'
import { itemMeasure } from './measures.ts'
import { filtersOf } from './query-filters.ts'
import { describeQuery } from './query-wording.ts'
import type { ReadQuery } from './read-query.ts'

const GROUPS_SHOWN = 50

/** A figure for each customer, item, month ... with a chart. */
export async function groupAnswer(query: ReadQuery, planner: PlannerTurn): Promise<Answer> {
  const group = query.group!
  const isItem = group.field.includes('.')
  const measure = isItem ? itemMeasure(query) : query.measure
  const isTime = isSeries(query)
  const figure = measure && query.kind !== 'count'
  const ranked = query.order?.direction ?? 'desc'
  const { table, total_groups } = await planner.site.call('aggregate', {
    doctype: query.doctype,
    filters: filtersOf({ ...query, measure: figure ? measure : null }, planner.turn.today),
    group_by: groupFields(group.field, query.doctype),
    measures: [
      ...(figure
        ? [{ function: figureFunction(query), field: measure.field, as: 'figure' } as const]
        : []),
      { function: 'count', as: 'documents' },
    ],
    order_by: isTime ? `${group.field} asc` : `${figure ? 'figure' : 'documents'} ${ranked}`,
    limit: query.limit ?? GROUPS_SHOWN,
    title: `${describeQuery(query, planner)} by ${group.label}`,
    chart: isTime ? 'line' : 'bar',
  })
  const shown = named(table, measure?.label)
  const text = groupText(query, planner, shown, total_groups)
  const events: Answer['events'] = [{ type: 'text', text }]
  if (table.rows.length > 0) events.push({ type: 'table', table: shown })
  return { events, memory: { query, documents: documentsOf(shown) } }
}

/** In the order of time, unless the biggest was asked for. */
function isSeries({ group, order, doctype }: ReadQuery): boolean {
  const isRanked = order !== null && order.field === knowledgeOf(doctype)?.amount
  return group!.field.includes(':') && !isRanked
}

/** The party's title comes along, so that nobody has to read ids. */
function groupFields(field: string, doctype: string): string[] {
  const party = knowledgeOf(doctype)?.party
  return party && field === party.field ? [field, party.title] : [field]
}

function figureFunction(query: ReadQuery): 'sum' | 'avg' | 'min' | 'max' {
  return query.kind === 'list' || query.kind === 'count' ? 'sum' : query.kind
}

function named(table: AnswerTable, label: string | undefined): AnswerTable {
  const labels: Record<string, string> = { figure: label ?? 'Total', documents: 'Documents' }
  const [first] = table.columns
  const opens = first?.fieldtype === 'Link' && first.options && !first.key.includes('.')
  return {
    ...table,
    row_link: opens ? { doctype: first.options!, name_key: first.key } : table.row_link,
    columns: table.columns.map((column) => ({
      ...column,
      label: labels[column.key] ?? column.label,
    })),
  }
}

function groupText(
  query: ReadQuery,
  planner: PlannerTurn,
  table: AnswerTable,
  total: number,
): string {
  const what = describeQuery(query, planner)
  if (table.rows.length === 0) return `There are no ${what}.`
  const heading = `${capital(what)} by ${query.group!.label}`
  const best = table.rows.slice(0, 3).map((row) => groupLine(row, table, query, planner))
  const rest = total > table.rows.length ? ` (${table.rows.length} of ${total} shown)` : ''
  const lead = isSeries(query) ? '' : ` ${listed(best)}.`
  return `${heading}${rest}:${lead || ` ${table.rows.length} rows.`}`
}

function groupLine(
  row: Record<string, unknown>,
  table: AnswerTable,
  query: ReadQuery,
  planner: PlannerTurn,
): string {
  const title = row[query.group!.title] ?? row[table.columns[0]!.key]
  const column = table.columns.find(({ key }) => key === 'figure')
  if (!column) return `${title ?? 'none'} ${planner.wording.number(Number(row.documents))}`
  const value = Number(row.figure ?? 0)
  const figure = query.measure?.isMoney
    ? planner.wording.money(value, column.options)
    : planner.wording.number(value)
  return `${title ?? 'none'} ${figure}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function documentsOf(table: AnswerTable) {
  const link = table.row_link
  if (!link) return []
  return table.rows.map((row) => {
    const name = String(row[link.name_key])
    return { doctype: link.doctype, name, title: name }
  })
}
