import { SiteError } from '../errors.ts'
import { isNumeric, toNumber } from '../field-types.ts'
import type { Scalar } from '../table.ts'
import type { Column, Combined, Sources } from './sources.ts'

/** A column or function of one query, evaluated over the rows of a group. */
export interface Expression {
  isAggregate: boolean
  /** Whether values sort and compare as numbers. */
  isNumber: boolean
  /** Columns it reads, for field-level permission. */
  columns: Column[]
  evaluate(group: readonly Combined[]): Scalar
}

const CALL = /^([a-z_]+)\s*\((.*)\)$/is
const FORBIDDEN =
  /\b(select|union|create|insert|delete|drop|update|case|show)\b|\b(concat|concat_ws|if|coalesce|connection_id|current_user|database|last_insert_id|session_user|system_user|user|version|global|sleep|benchmark|extractvalue|substr|substring|updatexml|load_file)\s*\(|@/i

/** Reads `name`, `link.field`, `count(name)`, `sum(child.amount)`, `month(posting_date)` and the like. */
export function parseExpression(text: string, sources: Sources): Expression {
  const trimmed = text.trim()
  if (FORBIDDEN.test(trimmed)) {
    throw new SiteError('DataError', 'Use of sub-query or function is restricted')
  }
  const call = CALL.exec(trimmed)
  if (call) return parseCall((call[1] ?? '').toLowerCase(), (call[2] ?? '').trim(), sources)
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return constant(Number(trimmed))
  if (/^'[^']*'$/.test(trimmed)) return constant(trimmed.slice(1, -1))
  return columnExpression(sources.column(trimmed))
}

function constant(value: Scalar): Expression {
  return {
    isAggregate: false,
    isNumber: typeof value === 'number',
    columns: [],
    evaluate: () => value,
  }
}

function columnExpression(column: Column): Expression {
  return {
    isAggregate: false,
    isNumber: isNumeric(column.field.fieldtype),
    columns: [column],
    evaluate: (group) => group[0]?.[column.source]?.[column.fieldname] ?? null,
  }
}

function parseCall(name: string, inner: string, sources: Sources): Expression {
  if (name === 'count' && inner === '*') {
    return { isAggregate: true, isNumber: true, columns: [], evaluate: (group) => group.length }
  }
  const distinct = /^distinct\s*\(?(.*?)\)?$/is.exec(inner)
  const isDistinct = distinct !== null && name === 'count'
  const parts = splitArguments(isDistinct ? (distinct[1] ?? '') : inner)
  const operands = parts.map((part) => parseExpression(part, sources))
  return AGGREGATES[name]
    ? aggregate(name, operands[0] ?? constant(null), isDistinct)
    : scalarCall(name, operands)
}

/** Splits at commas outside brackets. */
export function splitArguments(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let current = ''
  for (const character of text) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ',' && depth === 0) {
      parts.push(current)
      current = ''
    } else current += character
  }
  return [...parts, current].map((part) => part.trim()).filter((part) => part !== '')
}

const AGGREGATES: Record<string, (values: Scalar[]) => Scalar> = {
  count: (values) => values.length,
  sum: (values) => (values.length ? round(total(values)) : null),
  avg: (values) => (values.length ? round(total(values) / values.length) : null),
  min: (values) => extreme(values, (left, right) => left < right),
  max: (values) => extreme(values, (left, right) => left > right),
}

function total(values: Scalar[]): number {
  return values.reduce<number>((sum, value) => sum + toNumber(value), 0)
}

function round(value: number): number {
  return Number(value.toFixed(9))
}

function extreme(
  values: Scalar[],
  isBetter: (left: string | number, right: string | number) => boolean,
): Scalar {
  let best: Scalar = null
  for (const value of values) {
    if (value !== null && (best === null || isBetter(value, best))) best = value
  }
  return best
}

function aggregate(name: string, operand: Expression, isDistinct: boolean): Expression {
  const combine = AGGREGATES[name]!
  return {
    isAggregate: true,
    isNumber: operand.isNumber || !['min', 'max'].includes(name),
    columns: operand.columns,
    evaluate(group) {
      const values = group.map((row) => operand.evaluate([row])).filter((value) => value !== null)
      return combine(isDistinct ? [...new Set(values)] : values)
    },
  }
}

const SCALARS: Record<string, (values: Scalar[]) => Scalar> = {
  year: ([date]) => datePart(date, 0, 4),
  month: ([date]) => datePart(date, 5, 7),
  day: ([date]) => datePart(date, 8, 10),
  quarter: ([date]) => (date ? Math.ceil(Number(String(date).slice(5, 7)) / 3) : null),
  date: ([date]) => (date ? String(date).slice(0, 10) : null),
  date_format: ([date, pattern]) => (date ? formatDate(String(date), String(pattern)) : null),
  ifnull: ([value, instead]) => value ?? instead ?? null,
  abs: ([value]) => (value === null || value === undefined ? null : Math.abs(toNumber(value))),
  round: ([value, digits]) => Number(toNumber(value).toFixed(toNumber(digits ?? 0))),
  lower: ([value]) => (value === null || value === undefined ? null : String(value).toLowerCase()),
  upper: ([value]) => (value === null || value === undefined ? null : String(value).toUpperCase()),
}

function datePart(date: Scalar | undefined, from: number, to: number): Scalar {
  return date ? Number(String(date).slice(from, to)) : null
}

function formatDate(date: string, pattern: string): string {
  const parts: Record<string, string> = {
    '%Y': date.slice(0, 4),
    '%m': date.slice(5, 7),
    '%d': date.slice(8, 10),
    '%y': date.slice(2, 4),
  }
  return pattern.replace(/%[Ymdy]/g, (part) => parts[part] ?? part)
}

function scalarCall(name: string, operands: Expression[]): Expression {
  const apply = SCALARS[name]
  if (!apply) {
    throw new SiteError('OperationalError', `(1305, 'FUNCTION ${name} does not exist')`, {
      silent: true,
    })
  }
  return {
    isAggregate: operands.some((operand) => operand.isAggregate),
    isNumber: !['date', 'date_format', 'lower', 'upper'].includes(name),
    columns: operands.flatMap((operand) => operand.columns),
    evaluate: (group) => apply(operands.map((operand) => operand.evaluate(group))),
  }
}
