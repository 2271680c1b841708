import type { AggregateQuery, AggregateResult } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { refuse } from '../operations/refusal.ts'
import { plainValue, textOf } from '../values.ts'
import { inBucket, parseColumn, type Column } from './columns.ts'
import { permittedNames } from './permitted.ts'

const FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max']
const NUMERIC = ['Currency', 'Float', 'Int', 'Percent', 'Check', 'Duration', 'Rating', 'Long Int']
const MOST_ROWS = 1000

interface Measure {
  key: string
  function: string
  column: Column | null
}

/** One joined row: the document, and its child row where the query looks into a table. */
interface Joined {
  main: Record<string, unknown>
  child: Record<string, unknown> | null
}

/** Counts, sums and groups over the rows a person may list. */
export function aggregate(query: AggregateQuery, site: SiteContext): AggregateResult {
  const { doctype } = query
  site.checkPermission(doctype, 'read')
  const groups = (query.group_by ?? []).map((text): [string, Column] => [
    text,
    parseColumn(doctype, text, site),
  ])
  const measures = (query.measures ?? []).map((row) => measureOf(row, doctype, site))
  check(groups, measures)
  const joined = joinedRows(query, groups, measures, site)
  const value = (row: Joined, column: Column) => valueOf(row, column, site)
  const rows = [...groupBy(joined, groups, value).values()].map((members) => ({
    ...groupCells(members[0], groups, value),
    ...Object.fromEntries(
      measures.map((measure) => [measure.key, compute(measure, members, value)]),
    ),
  }))
  const ordered = order(rows, query.order_by, groups, measures)
  const limit = Math.min(Number(query.limit) || 100, MOST_ROWS)
  return {
    columns: describedColumns(groups, measures),
    rows: ordered.slice(0, limit),
    total_groups: ordered.length,
    currency: currencyOf(joined, measures, doctype, site),
  }
}

type ValueOf = (row: Joined, column: Column) => unknown

function measureOf(
  row: AggregateQuery['measures'][number],
  doctype: string,
  site: SiteContext,
): Measure {
  const key = textOf(row.as)
  if (!FUNCTIONS.includes(row.function) || !/^[a-z][a-z0-9_]{0,60}$/.test(key)) {
    refuse('A measure needs a function and a name of its own.')
  }
  if (!row.field) {
    if (row.function !== 'count') refuse(`${row.function} needs a field.`)
    return { key, function: row.function, column: null }
  }
  const column = parseColumn(doctype, row.field, site)
  if (['sum', 'avg'].includes(row.function) && !NUMERIC.includes(column.fieldtype)) {
    refuse(`${column.label} is no number.`)
  }
  return { key, function: row.function, column }
}

function check(groups: [string, Column][], measures: Measure[]): void {
  if (!measures.length) refuse('At least one measure is needed.')
  const keys = [...groups.map(([key]) => key), ...measures.map((measure) => measure.key)]
  if (new Set(keys).size !== keys.length) refuse('Two columns have the same name.')
  const tables = tablesOf(groups, measures)
  if (tables.size > 1) refuse('Only one table of a document can be counted at once.')
  for (const { column, function: name } of measures) {
    if (tables.size && column && !column.isChild && ['sum', 'avg'].includes(name)) {
      refuse('A sum over documents cannot be split by the rows of a table.')
    }
  }
}

function tablesOf(groups: [string, Column][], measures: Measure[]): Map<string, Column> {
  const used = [...groups.map(([, column]) => column), ...measures.map(({ column }) => column)]
  const tables = new Map<string, Column>()
  for (const column of used) if (column?.isChild && column.via) tables.set(column.via, column)
  return tables
}

function joinedRows(
  query: AggregateQuery,
  groups: [string, Column][],
  measures: Measure[],
  site: SiteContext,
): Joined[] {
  const { doctype, filters = [], or_filters: orFilters = [] } = query
  const names = permittedNames(doctype, filters, orFilters, site)
  const mains = site
    .getAll(doctype, { fields: ['*'], order_by: null, limit_page_length: 0 })
    .filter((row) => names.has(textOf(row.name)))
  const [table] = tablesOf(groups, measures).values()
  if (!table) return mains.map((main) => ({ main, child: null }))
  const children = site.getAll(table.doctype, {
    fields: ['*'],
    filters: { parenttype: doctype, parentfield: table.via },
    order_by: null,
  })
  const byParent = Map.groupBy(children, (row) => textOf(row.parent))
  return mains.flatMap((main) =>
    (byParent.get(textOf(main.name)) ?? [null]).map((child) => ({ main, child })),
  )
}

function valueOf(row: Joined, column: Column, site: SiteContext): unknown {
  const { fieldname, via, isChild, bucket } = column
  if (isChild) return inBucket(row.child?.[fieldname], bucket)
  if (!via) return inBucket(row.main[fieldname], bucket)
  const target = textOf(row.main[via])
  return target ? inBucket(site.getValue(column.doctype, target, fieldname), bucket) : null
}

function groupBy(
  rows: Joined[],
  groups: [string, Column][],
  value: ValueOf,
): Map<string, Joined[]> {
  if (!groups.length) return new Map([['', rows]])
  return Map.groupBy(rows, (row) => JSON.stringify(groups.map(([, column]) => value(row, column))))
}

function groupCells(row: Joined | undefined, groups: [string, Column][], value: ValueOf) {
  const cells = groups.map(([key, column]) => [key, row ? plainValue(value(row, column)) : null])
  return Object.fromEntries(cells) as Record<string, unknown>
}

function compute(measure: Measure, rows: Joined[], value: ValueOf): unknown {
  const { column } = measure
  if (!column) return new Set(rows.map((row) => row.main.name)).size
  const values = rows.map((row) => value(row, column)).filter((entry) => entry !== null)
  if (measure.function === 'count') return new Set(values).size
  if (!values.length) return null
  const sum = () => values.reduce<number>((total, entry) => total + Number(entry), 0)
  if (measure.function === 'sum') return plainValue(sum())
  if (measure.function === 'avg') return plainValue(sum() / values.length)
  const sorted = [...values].sort(compare)
  return plainValue(measure.function === 'min' ? sorted[0] : sorted.at(-1))
}

function order(
  rows: Record<string, unknown>[],
  text: string | undefined,
  groups: [string, Column][],
  measures: Measure[],
): Record<string, unknown>[] {
  const keys = [...groups.map(([key]) => key), ...measures.map((measure) => measure.key)]
  const parts = (text || `${keys[0] ?? ''} asc`).split(',').map((part) => {
    const [key = '', direction = 'asc'] = part.trim().split(/\s+/)
    const isKnown = keys.includes(key) && ['asc', 'desc'].includes(direction.toLowerCase())
    if (!isKnown) refuse(`Cannot order by ${part.trim()}.`)
    return { key, sign: direction.toLowerCase() === 'desc' ? -1 : 1 }
  })
  return [...rows].sort((a, b) => {
    for (const { key, sign } of parts) {
      const difference = compare(a[key], b[key])
      if (difference) return difference * sign
    }
    return 0
  })
}

/** Nothing comes first, numbers by size, text without regard to case. */
function compare(one: unknown, other: unknown): number {
  if (one === null || other === null) return (one === null ? 0 : 1) - (other === null ? 0 : 1)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [a, b] = [textOf(one).toLowerCase(), textOf(other).toLowerCase()]
  return a < b ? -1 : a > b ? 1 : 0
}

function describedColumns(groups: [string, Column][], measures: Measure[]) {
  const grouped = groups.map(([key, { label, fieldtype, options }]) => ({
    key,
    label,
    fieldtype,
    options,
  }))
  const measured = measures.map(({ key, column, function: name }) => {
    if (!column || name === 'count') return { key, label: 'Count', fieldtype: 'Int', options: null }
    const label = name === 'sum' ? column.label : `${column.label} (${name})`
    return { key, label, fieldtype: column.fieldtype, options: null }
  })
  return [...grouped, ...measured]
}

/** The one currency of the summed amounts; null when they have several or none. */
function currencyOf(
  rows: Joined[],
  measures: Measure[],
  doctype: string,
  site: SiteContext,
): string | null {
  const found = new Set<string>()
  const hasField = (name: string) => site.meta(doctype).fields.some((f) => f.fieldname === name)
  for (const { column, function: name } of measures) {
    if (name === 'count' || column?.fieldtype !== 'Currency') continue
    const holder = column.options || 'currency'
    if (holder.includes(':')) {
      if (!holder.startsWith('Company') || !hasField('company')) continue
      for (const company of new Set(rows.map((row) => textOf(row.main.company)))) {
        found.add(textOf(site.getValue('Company', company, 'default_currency')))
      }
    } else if (hasField(holder)) for (const row of rows) found.add(textOf(row.main[holder]))
    else found.add(site.getDefault('currency') ?? '')
  }
  found.delete('')
  const [only] = found
  return found.size === 1 && only ? only : null
}
