import { compareText, fold } from '../collation.ts'
import type { FieldDefinition } from '../contract.ts'
import { SiteError } from '../errors.ts'
import { isNumeric, toNumber } from '../field-types.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Scalar } from '../table.ts'
import { ancestorsOf, descendantsOf } from '../tree.ts'
import type { Condition } from './filters.ts'
import { nearRange, timespanRange } from './timespan.ts'

type Test = (value: Scalar) => boolean
type Kind = 'number' | 'date' | 'datetime' | 'time' | 'text'

/** A test of one column's value, with Frappe's stand-ins for NULL: 0, '', or the first day. */
export function compileTest(
  site: InnerSite,
  doctype: string,
  field: FieldDefinition,
  condition: Condition,
): Test {
  const { operator, value } = condition
  const kind = kindOf(field)
  if (operator === 'is') return isTest(kind, String(value))
  if (operator.includes('ancestors') || operator.includes('descendants')) {
    return treeTest(site, field.options || doctype, operator, String(value ?? ''))
  }
  if (operator === 'in' || operator === 'not in') return inTest(kind, operator, value)
  if (operator === 'like' || operator === 'not like') return likeTest(operator, value)
  const range = rangeOf(site, operator, value)
  if (range) return betweenTest(kind, range)
  return compareTest(kind, operator, value)
}

function kindOf(field: FieldDefinition): Kind {
  if (isNumeric(field.fieldtype)) return 'number'
  if (field.fieldtype === 'Date') return 'date'
  if (field.fieldtype === 'Datetime') return 'datetime'
  return field.fieldtype === 'Time' ? 'time' : 'text'
}

const NULL_STANDS_FOR: Record<Kind, string | number> = {
  number: 0,
  date: '0001-01-01',
  datetime: '0001-01-01 00:00:00.000000',
  time: '00:00:00',
  text: '',
}

function normalize(kind: Kind, value: unknown): string | number {
  if (value === null || value === undefined) return NULL_STANDS_FOR[kind]
  if (kind === 'number') return toNumber(value)
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value)
  if (kind === 'date') return text.slice(0, 10) || NULL_STANDS_FOR.date
  return kind === 'datetime' ? fullStamp(text) : text
}

/** All 26 characters, so that stamps compare as text. */
function fullStamp(text: string): string {
  if (text.length <= 10) return `${text} 00:00:00.000000`
  return (text.length === 19 ? `${text}.` : text).replace('T', ' ').padEnd(26, '0')
}

function compare(kind: Kind, left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (kind === 'text') {
    return fold(String(left)) === fold(String(right)) ? 0 : compareText(String(left), String(right))
  }
  return left < right ? -1 : left > right ? 1 : 0
}

function compareTest(kind: Kind, operator: string, wanted: unknown): Test {
  const right = normalize(kind, wanted)
  if (operator === '=' || operator === '!=') return equalityTest(kind, operator === '=', right)
  return (value) => {
    const order = compare(kind, normalize(kind, value), right)
    if (operator === '>') return order > 0
    if (operator === '<') return order < 0
    return operator === '>=' ? order >= 0 : order <= 0
  }
}

function equalityTest(kind: Kind, isEqual: boolean, right: string | number): Test {
  const key = kind === 'text' ? fold(String(right)) : right
  return (value) => {
    const left = normalize(kind, value)
    return (kind === 'text' ? fold(String(left)) === key : left === key) === isEqual
  }
}

function isTest(kind: Kind, wanted: string): Test {
  const isSet: Test = (value) => value !== null && value !== '' && !(kind === 'number' && !value)
  return wanted.toLowerCase() === 'set' ? isSet : (value) => !isSet(value)
}

/** NULL is matched by `in` only when the list holds an empty value; `not in` takes it as ''. */
function inTest(kind: Kind, operator: string, value: unknown): Test {
  const list = Array.isArray(value) ? value : String(value ?? '').split(',')
  const wanted = new Set((list.length ? list : ['']).map((item) => inKey(kind, item)))
  const isIn: Test = (current) => wanted.has(inKey(kind, current))
  return operator === 'in' ? isIn : (current) => !isIn(current)
}

function inKey(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (kind === 'number') return String(toNumber(value))
  const text = String(value).trim()
  if (kind === 'date') return text.slice(0, 10)
  return kind === 'datetime' && text ? fullStamp(text) : fold(text)
}

function likeTest(operator: string, value: unknown): Test {
  const pattern = likePattern(fold(String(value ?? '')))
  const matches: Test = (current) => pattern.test(fold(String(current ?? '')))
  return operator === 'like' ? matches : (current) => !matches(current)
}

function likePattern(text: string): RegExp {
  const source = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 's')
}

function rangeOf(site: InnerSite, operator: string, value: unknown): [unknown, unknown] | null {
  if (operator === 'between') {
    const list = Array.isArray(value) ? value : String(value ?? '').split(',')
    return [list[0] || site.today(), list[1] || list[0] || site.today()]
  }
  const range =
    operator === 'timespan'
      ? timespanRange(String(value), site.today())
      : operator === 'previous' || operator === 'next'
        ? nearRange(operator, String(value), site.today())
        : undefined
  if (range === null) throw new SiteError('TypeError', `unknown time span ${String(value)}`)
  return range ?? null
}

/** A day as the upper end of a Datetime range means the whole day. */
function betweenTest(kind: Kind, [from, to]: [unknown, unknown]): Test {
  const wholeDay = kind === 'datetime' && String(to).length <= 10
  const low = normalize(kind, from)
  const high = normalize(kind, wholeDay ? `${String(to)} 23:59:59.999999` : to)
  return (value) => {
    if (value === null) return false
    const current = normalize(kind, value)
    return compare(kind, current, low) >= 0 && compare(kind, current, high) <= 0
  }
}

function treeTest(site: InnerSite, doctype: string, operator: string, name: string): Test {
  const related = operator.includes('ancestors')
    ? ancestorsOf(site.state, doctype, name)
    : descendantsOf(site.state, doctype, name)
  if (operator.endsWith('(inclusive)')) related.push(name)
  const names = new Set(related.map(fold))
  const isIn: Test = (value) => names.has(fold(String(value ?? '')))
  return operator.startsWith('not ') ? (value) => !isIn(value) : isIn
}
