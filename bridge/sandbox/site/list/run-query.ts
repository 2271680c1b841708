import type { ListQuery } from '../contract.ts'
import { fold } from '../collation.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import type { Row } from '../table.ts'
import { parseExpression, splitArguments } from './expressions.ts'
import { parseFilters } from './filters.ts'
import type { Condition } from './filters.ts'
import { compileTest } from './operators.ts'
import { parseOrder, sortGroups } from './ordering.ts'
import type { Group } from './ordering.ts'
import { rowAccess } from './row-access.ts'
import { parseSelection } from './selection.ts'
import type { Selection } from './selection.ts'
import { Sources } from './sources.ts'
import type { Column, Combined } from './sources.ts'

type CombinedTest = (row: Combined) => boolean

/** Conditions on the listed doctype alone are tried before anything is joined. */
interface QueryTest {
  row: (row: Row) => boolean
  combined: CombinedTest
}

interface CompiledCondition {
  source: number
  test: CombinedTest
}

/** `frappe.get_all`, or `frappe.get_list` when permission is checked. */
export function runQuery(
  site: InnerSite,
  doctype: string,
  query: ListQuery,
  checkPermission: boolean,
): Record<string, unknown>[] {
  const meta = site.state.metas.get(doctype)
  const mayList = checkPermission ? rowAccess(site, meta, query.parent) : () => true
  const sources = new Sources(site, meta, checkPermission)
  const selection = parseSelection(site, sources, query.fields, checkPermission)
  if (selection.items.length === 0) return []
  const test = compileConditions(site, sources, query)
  const groupBy = splitArguments(query.group_by ?? '').map((part) => parseExpression(part, sources))
  const order = parseOrder(query.order_by, sources, selection.items)
  const rows = candidateRows(site, meta, query).filter((row) => test.row(row) && mayList(row))
  const matching = [...sources.combine(rows)].filter(test.combined)
  const groups = sortGroups(groupRows(matching, groupBy, selection), order)
  return page(project(groups, selection), query)
}

function compileConditions(site: InnerSite, sources: Sources, query: ListQuery): QueryTest {
  const compile = (filter: Condition) => compileCondition(site, sources, filter)
  const all = parseFilters(query.filters).map(compile)
  const any = parseFilters(query.or_filters).map(compile)
  const early = all.filter(({ source }) => source === 0)
  const late = all.filter(({ source }) => source !== 0)
  return {
    row: (row) => early.every(({ test }) => test([row])),
    combined: (row) =>
      late.every(({ test }) => test(row)) && (!any.length || any.some(({ test }) => test(row))),
  }
}

function compileCondition(
  site: InnerSite,
  sources: Sources,
  condition: Condition,
): CompiledCondition {
  const column = columnOf(sources, condition)
  const test = compileTest(site, column.meta.name, column.field, condition)
  const { source, fieldname } = column
  return { source, test: (row) => test(row[source]?.[fieldname] ?? null) }
}

function columnOf(sources: Sources, { doctype, fieldname }: Condition): Column {
  if (doctype !== null && doctype !== sources.main.name) {
    return sources.ofDoctype(doctype, fieldname)
  }
  return fieldname.includes('.') ? sources.column(fieldname) : sources.ownOrChild(fieldname)
}

/** A name or a parent asked for by `=` needs no look at the other rows. */
function candidateRows(site: InnerSite, meta: Meta, query: ListQuery): Row[] {
  const table = site.state.store.table(meta.name)
  const byName = parseFilters(query.filters).find(
    (filter) => filter.fieldname === 'name' && filter.operator === '=' && !filter.doctype,
  )
  if (typeof byName?.value !== 'string') return [...table.rows()]
  const row = table.get(byName.value)
  return row && fold(String(row.name)) === fold(byName.value) ? [row] : []
}

function groupRows(
  rows: Combined[],
  groupBy: { evaluate(group: Group): unknown }[],
  selection: Selection,
): Group[] {
  if (groupBy.length > 0) {
    const keyOf = (row: Combined) =>
      JSON.stringify(groupBy.map((expression) => foldedValue(expression.evaluate([row]))))
    return [...Map.groupBy(rows, keyOf).values()]
  }
  const isAggregated = selection.items.some((item) => item.expression.isAggregate)
  return isAggregated ? [rows] : rows.map((row) => [row])
}

function foldedValue(value: unknown): unknown {
  return typeof value === 'string' ? fold(value) : value
}

function project(groups: Group[], selection: Selection): Record<string, unknown>[] {
  const rows = groups.map((group) =>
    Object.fromEntries(
      selection.items.map((item) => [item.alias, item.expression.evaluate(group)] as const),
    ),
  )
  if (!selection.isDistinct) return rows
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function page(rows: Record<string, unknown>[], query: ListQuery): Record<string, unknown>[] {
  const length = query.limit_page_length ?? 0
  const start = query.limit_start ?? 0
  return length > 0 ? rows.slice(start, start + length) : rows
}
