import type { Document, FieldDefinition, SiteContext } from '../site/contract.ts'

/** A document as plain JSON, child rows included: what is compared, stored and hashed. */
export type Image = Record<string, unknown>

export const STAMPS = new Set(['creation', 'modified', 'modified_by', 'owner'])
export const ROW_LINKS = new Set([
  'parent',
  'parenttype',
  'parentfield',
  'idx',
  'docstatus',
  'doctype',
  'name',
])
const NUMBERS = new Set(['Currency', 'Float', 'Percent', 'Rating'])
const WHOLE = new Set(['Int', 'Check', 'Long Int'])
const TABLES = new Set(['Table', 'Table MultiSelect'])
const LAYOUT = new Set([
  'Section Break',
  'Column Break',
  'Tab Break',
  'HTML',
  'Button',
  'Heading',
  'Fold',
  'Image',
])

export const isTable = (field: FieldDefinition) => TABLES.has(field.fieldtype)
export const isLayout = (field: FieldDefinition) => LAYOUT.has(field.fieldtype)
export const isSecret = (field: FieldDefinition) => field.fieldtype === 'Password'

/** The value as JSON has it; floats to nine places. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return Number(value.toFixed(9))
  return value === undefined ? null : value
}

/** Whether two values of a field are the same to ERPNext: null, empty and 0 often are. */
export function same(one: unknown, other: unknown, fieldtype = 'Data'): boolean {
  if (NUMBERS.has(fieldtype)) return Math.abs(toNumber(one) - toNumber(other)) < 1e-6
  if (WHOLE.has(fieldtype)) return Math.trunc(toNumber(one)) === Math.trunc(toNumber(other))
  if (!one || !other) return !one && !other
  const [left, right] = [textOf(one).trim(), textOf(other).trim()]
  if (fieldtype === 'Date') return left.slice(0, 10) === right.slice(0, 10)
  if (fieldtype === 'Datetime') return stamp(left) === stamp(right)
  if (fieldtype === 'Time') return clock(left) === clock(right)
  return left === right
}

/** The whole document as plain values, passwords left out. */
export function imageOf(document: Document, site: SiteContext): Image {
  const image: Image = {}
  for (const [key, value] of Object.entries(document)) {
    image[key] = Array.isArray(value) ? value.map(plainRow) : plainValue(value)
  }
  for (const field of site.meta(document.doctype).fields) {
    if (isSecret(field)) delete image[field.fieldname]
  }
  return image
}

/** Rows of a table field of an image. */
export function rowsIn(image: Image | null, fieldname: string): Image[] {
  const rows = image?.[fieldname]
  return Array.isArray(rows) ? (rows as Image[]) : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? ''
      : `${value as number}`
}

function plainRow(row: Document): Image {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plainValue(value)]))
}

function toNumber(value: unknown): number {
  const number = Number(value ?? 0)
  return Number.isFinite(number) ? number : 0
}

function stamp(text: string): string {
  return text
    .replace('T', ' ')
    .replace(/(\.\d*?)0*$/, '$1')
    .replace(/\.$/, '')
}

function clock(text: string): string {
  return text.padStart(8, '0').slice(0, 8)
}
