import { canonicalHash, canonicalJson } from '../../../src/shared/canonical-json.ts'
import type { FieldDefinition, SiteContext } from '../../site/contract.ts'
import { isTable, plainValue, ROW_LINKS, rowsIn, STAMPS, textOf, type Image } from '../values.ts'

/** Stock on hand and the like: shown, but not part of what is saved for good. */
const PASSING = new Set([
  'actual_qty',
  'projected_qty',
  'company_total_stock',
  'actual_batch_qty',
  'available_qty',
  'available_quantity',
  'ordered_qty',
  'lft',
  'rgt',
  'old_parent',
])
/** Shorter generated names are replaced only where they are the whole value. */
const SHORTEST_EMBEDDED_NAME = 6

export interface Moment {
  started: string
  ended: string
}

export function hashOf(value: unknown): string {
  return canonicalHash(value)
}

/** Replaces names generated in the transaction wherever they occur. */
export function placeholders(names: ReadonlyMap<string, string>): (value: unknown) => unknown {
  const embedded = [...names.keys()].filter((name) => name.length >= SHORTEST_EMBEDDED_NAME)
  const longestFirst = embedded.sort((a, b) => b.length - a.length).map(escapePattern)
  const pattern = longestFirst.length ? new RegExp(longestFirst.join('|'), 'g') : null
  const label = (name: string) => `<${names.get(name) ?? ''}>`
  const apply = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(apply)
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, apply(item)]))
    }
    if (typeof value !== 'string') return value
    if (names.has(value)) return label(value)
    return pattern ? value.replace(pattern, label) : value
  }
  return apply
}

/** What a document's image says for good, without what differs from one run to the next. */
export function stableEffect(
  doctype: string,
  image: Image,
  asked: Image,
  moment: Moment,
  site: SiteContext,
): Image {
  const fields: Image = {}
  const tables: Image = {}
  for (const field of site.meta(doctype).fields) {
    if (isTable(field)) {
      tables[field.fieldname] = rowsIn(image, field.fieldname).map((row) =>
        keptFields(field.options ?? '', row, {}, moment, site),
      )
    } else if (keeps(field, image[field.fieldname], asked, moment)) {
      fields[field.fieldname] = image[field.fieldname]
    }
  }
  return { docstatus: image.docstatus, fields, tables }
}

/** Ledger rows with placeholders, in one order whatever order they were written in. */
export function stableRows(rows: object[], apply: (value: unknown) => unknown): unknown[] {
  return rows
    .map((row) =>
      apply(
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plainValue(value)])),
      ),
    )
    .sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
}

function keptFields(
  doctype: string,
  row: Image,
  asked: Image,
  moment: Moment,
  site: SiteContext,
): Image {
  const kept = site
    .meta(doctype)
    .fields.filter((field) => keeps(field, row[field.fieldname], asked, moment))
  return Object.fromEntries(kept.map((field) => [field.fieldname, row[field.fieldname]]))
}

function keeps(field: FieldDefinition, value: unknown, asked: Image, moment: Moment): boolean {
  const { fieldname, fieldtype } = field
  if (value === null || value === undefined || value === '' || value === 0) return false
  if (PASSING.has(fieldname) || STAMPS.has(fieldname) || ROW_LINKS.has(fieldname)) return false
  if (fieldname in asked) return true
  if (fieldtype === 'Time') return !isDefaultedTime(field, textOf(value), moment)
  if (fieldtype === 'Datetime') {
    return !(moment.started <= textOf(value) && textOf(value) <= moment.ended)
  }
  return true
}

function isDefaultedTime(field: FieldDefinition, value: string, moment: Moment): boolean {
  const isNow = field.default?.toLowerCase() === 'now'
  if (field.fieldname === 'posting_time' || isNow) return true
  const seconds = secondsOf(value)
  return (
    secondsOf(moment.started.slice(11)) - 1 <= seconds &&
    seconds <= secondsOf(moment.ended.slice(11)) + 1
  )
}

function secondsOf(time: string): number {
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

function escapePattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
