import type { FieldDefinition } from './contract.ts'
import type { Scalar } from './table.ts'

const NO_COLUMN = new Set([
  'Section Break',
  'Column Break',
  'Tab Break',
  'HTML',
  'Table',
  'Table MultiSelect',
  'Button',
  'Image',
  'Fold',
  'Heading',
])
const INTEGER = new Set(['Int', 'Check', 'Long Int'])
const DECIMAL = new Set(['Float', 'Currency', 'Percent', 'Rating', 'Duration'])
const TEMPORAL = new Set(['Date', 'Datetime', 'Time'])

export function isTableField(field: FieldDefinition): boolean {
  return field.fieldtype === 'Table' || field.fieldtype === 'Table MultiSelect'
}

export function hasColumn(field: FieldDefinition): boolean {
  return !NO_COLUMN.has(field.fieldtype)
}

export function isNumeric(fieldtype: string): boolean {
  return INTEGER.has(fieldtype) || DECIMAL.has(fieldtype)
}

/** Numeric columns are NOT NULL DEFAULT 0 in Frappe's schema, all others null. */
export function emptyValue(fieldtype: string): Scalar {
  return isNumeric(fieldtype) ? 0 : null
}

/** The value a column of this type stores for what was handed in. */
export function castValue(fieldtype: string, value: unknown): Scalar {
  if (fieldtype === 'Check') return toNumber(value) ? 1 : 0
  if (INTEGER.has(fieldtype)) return Math.trunc(toNumber(value))
  if (DECIMAL.has(fieldtype)) return roundTo(toNumber(value), 9)
  if (value === null || value === undefined) return null
  if (TEMPORAL.has(fieldtype)) return castTemporal(fieldtype, String(value))
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  return String(value)
}

function castTemporal(fieldtype: string, text: string): string | null {
  if (text.trim() === '') return null
  if (fieldtype === 'Date') return text.slice(0, 10)
  if (fieldtype === 'Time') return text
  const stamp = text.replace('T', ' ').replace(/Z$/, '')
  return stamp.length === 10 ? `${stamp} 00:00:00` : stamp
}

export function toNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const number = Number.parseFloat(value.replaceAll(',', ''))
  return Number.isFinite(number) ? number : 0
}

/** Decimals are decimal(21,9) columns. */
function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
