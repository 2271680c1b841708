import type { Expectation } from './cases.ts'
import type { ExpectedData } from './expected-data.ts'
import type { Reply } from './talk.ts'

/** Null when the reply is right, else what is wrong with it. */
export type Verdict = string | null

export function checkRows(
  expected: NonNullable<Expectation['rows']>,
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const names = expectedNames(expected, data)
  const table = reply.tables[0]
  const shown = table?.rows.map((row) => String(row[table.row_link?.name_key ?? 'name'])) ?? []
  const total = table?.total ?? shown.length
  if (!table && names.length > 0) return `no table, expected ${names.length} rows`
  if (!expected.limit && total !== names.length) return `${total} rows, expected ${names.length}`
  if (expected.limit && shown.length !== names.length) return `${shown.length} rows shown`
  if (expected.count_only) return null
  const missing = expected.limit
    ? shown.filter((name) => !names.includes(name))
    : shown.filter((name) => !names.includes(name))
  return missing.length > 0 ? `shows ${missing[0]}, which is not among them` : null
}

function expectedNames(
  { doctype, filters, child, order_by, limit }: NonNullable<Expectation['rows']>,
  data: ExpectedData,
): string[] {
  const own = child ? filters.filter(([field]) => field !== 'item_code') : filters
  let rows = data.rows(doctype, own, order_by ? [order_by.split(' ')[0]!] : [])
  if (child) {
    const lines = data.rows(
      child,
      filters.filter(([field]) => field === 'item_code'),
      ['parent'],
    )
    const parents = new Set(lines.map((line) => line.parent))
    rows = rows.filter((row) => parents.has(row.name))
  }
  if (order_by && limit) {
    const [field = '', direction] = order_by.split(' ')
    const sign = direction === 'desc' ? -1 : 1
    rows = rows.toSorted((a, b) => (a[field]! < b[field]! ? -sign : sign)).slice(0, limit)
  }
  return rows.map((row) => String(row.name))
}

export function checkFigure(
  { doctype, function: kind, field, filters }: NonNullable<Expectation['figure']>,
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const rows = data.rows(doctype, filters, field ? [field] : [])
  const sum = rows.reduce((total, row) => total + Number(field ? row[field] : 1), 0)
  const figure = kind === 'avg' ? sum / rows.length : sum
  return says(reply, figure, kind === 'count') ? null : `"${reply.text}", expected ${figure}`
}

/** The number as the site writes it, in the text; nothing counts as none. */
export function says(reply: Reply, figure: number, whole: boolean): boolean {
  if (figure === 0 && /\b(?:no|nothing|0(?:\.00)?)\b/i.test(reply.text)) return true
  const numbers = reply.text.match(/-?\d[\d,]*(?:\.\d+)?/g) ?? []
  return numbers
    .map((text) => Number(text.replaceAll(',', '')))
    .some((number) => Math.abs(number - figure) < (whole ? 0.001 : 0.0051))
}

export function checkTop(
  expected: NonNullable<Expectation['top']>,
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const table = reply.tables[0]
  const first = table?.rows[0]
  if (!table || !first) return `no table: ${reply.text}`
  const fields = [expected.field].flat()
  const rankings = fields.map((field) => ranking(expected, field, data))
  const key = table.columns[0]!.key
  const figureKey = 'figure' in first ? 'figure' : 'documents'
  const fits = rankings.some((groups) => {
    const rows = expected.series ? table.rows : [first]
    return rows.every((row) => {
      const value = groups.get(String(row[key] ?? ''))
      const most = Math.max(...groups.values())
      const right = value !== undefined && Math.abs(value - Number(row[figureKey])) < 0.02
      return right && (expected.series || Math.abs(value - most) < 0.02)
    })
  })
  const best = [...rankings[0]!].sort((a, b) => b[1] - a[1])[0]
  return fits ? null : `first is ${first[key]} ${first[figureKey]}, expected ${best?.join(' ')}`
}

function ranking(
  { doctype, group, filters }: NonNullable<Expectation['top']>,
  field: string | null,
  data: ExpectedData,
): Map<string, number> {
  const groups = new Map<string, number>()
  const add = (key: unknown, value: number) =>
    groups.set(String(key ?? ''), (groups.get(String(key ?? '')) ?? 0) + value)
  if (group.startsWith('items.')) {
    const childField = group.slice(6)
    const parents = new Set(data.rows(doctype, filters, []).map(({ name }) => name))
    const lines = data.rows(`${doctype} Item`, [], ['parent', childField, field!])
    for (const line of lines)
      if (parents.has(line.parent)) add(line[childField], Number(line[field!]))
    return groups
  }
  const [name = '', bucket] = group.split(':')
  for (const row of data.rows(doctype, filters, [name, ...(field ? [field] : [])])) {
    const key = bucket === 'month' ? String(row[name]).slice(0, 7) : row[name]
    add(key, field ? Number(row[field]) : 1)
  }
  return groups
}

export function checkValue(
  { doctype, name, field }: NonNullable<Expectation['value']>,
  reply: Reply,
  data: ExpectedData,
): Verdict {
  const value = data.document(doctype, data.fixture(name))[field]
  const right =
    typeof value === 'number'
      ? says(reply, value, false)
      : spellings(String(value)).some((text) => reply.text.includes(text))
  return right ? null : `"${reply.text}", expected ${String(value)}`
}

function spellings(value: string): string[] {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!date) return [value]
  const [, year, month, day] = date
  return [
    value,
    `${day}-${month}-${year}`,
    `${month}-${day}-${year}`,
    `${day}.${month}.${year}`,
    `${month}/${day}/${year}`,
    `${day}/${month}/${year}`,
  ]
}
