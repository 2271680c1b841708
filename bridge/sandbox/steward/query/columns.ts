import type { FieldDefinition, SiteContext } from '../../site/contract.ts'
import { readableChildFields, readableFields } from '../operations/reading.ts'
import { refuse } from '../operations/refusal.ts'
import { isLayout, isSecret, isTable } from '../values.ts'

/** One field of a query, where it lives and how a date is put into buckets. */
export interface Column {
  doctype: string
  fieldname: string
  label: string
  fieldtype: string
  options: string | null
  /** Field of the main doctype that leads to it: a child table or a link. */
  via: string | null
  isChild: boolean
  bucket: string | null
}

const STANDARD: Record<string, [label: string, fieldtype: string]> = {
  name: ['ID', 'Data'],
  owner: ['Owner', 'Data'],
  creation: ['Created On', 'Datetime'],
  modified: ['Last Updated On', 'Datetime'],
  modified_by: ['Last Updated By', 'Data'],
  docstatus: ['Document Status', 'Int'],
}
const BUCKETS = ['day', 'week', 'month', 'quarter', 'year']

/** `field`, `child_table.field` or `link.field`, with `:bucket` for a date; all readable. */
export function parseColumn(doctype: string, text: string, site: SiteContext): Column {
  const [path = '', bucket = ''] = text.split(':')
  const column = resolveColumn(doctype, path, site)
  if (!bucket) return column
  if (!BUCKETS.includes(bucket) || !['Date', 'Datetime'].includes(column.fieldtype)) {
    refuse(`${path} cannot be grouped by ${bucket}.`)
  }
  return { ...column, bucket, fieldtype: bucket === 'day' ? 'Date' : 'Data' }
}

export function resolveColumn(doctype: string, path: string, site: SiteContext): Column {
  const [first = '', second = ''] = path.split('.')
  if (!second) return ownColumn(doctype, first, site)
  const field = readable(readableFields(doctype, site), doctype, first)
  const target = field.options ?? ''
  if (isTable(field)) {
    const child = readable(readableChildFields(doctype, target, site), target, second)
    return { ...columnOf(target, child), via: first, isChild: true }
  }
  if (field.fieldtype !== 'Link') refuse(`${first} leads to no other document.`)
  if (!site.hasPermission(target, 'read')) {
    refuse(`You have no permission to read ${target}.`, 'PermissionError')
  }
  return { ...ownColumn(target, second, site), via: first }
}

/** The value's place on the calendar: a day, an ISO week, a month, a quarter or a year. */
export function inBucket(value: unknown, bucket: string | null): unknown {
  if (!bucket || typeof value !== 'string') return value ?? null
  const day = value.slice(0, 10)
  switch (bucket) {
    case 'week':
      return isoWeek(day)
    case 'month':
      return day.slice(0, 7)
    case 'quarter':
      return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
    case 'year':
      return Number(day.slice(0, 4))
    default:
      return day
  }
}

function isoWeek(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7))
  const first = Date.UTC(at.getUTCFullYear(), 0, 1)
  const week = Math.ceil(((at.getTime() - first) / 86_400_000 + 1) / 7)
  return `${at.getUTCFullYear()}-W${`${week}`.padStart(2, '0')}`
}

function ownColumn(doctype: string, fieldname: string, site: SiteContext): Column {
  const standard = STANDARD[fieldname]
  if (standard) {
    const [label, fieldtype] = standard
    const place = { via: null, isChild: false, bucket: null }
    return { doctype, fieldname, label, fieldtype, options: null, ...place }
  }
  const field = readable(readableFields(doctype, site), doctype, fieldname)
  if (isTable(field)) refuse(`${fieldname} is a table; name one of its fields.`)
  return columnOf(doctype, field)
}

function readable(fields: FieldDefinition[], doctype: string, fieldname: string): FieldDefinition {
  const field = fields.find((entry) => entry.fieldname === fieldname)
  if (field && !isLayout(field) && !isSecret(field)) return field
  return refuse(`${doctype} has no field ${fieldname} that you may read.`, 'PermissionError')
}

function columnOf(doctype: string, field: FieldDefinition): Column {
  const { fieldname, fieldtype } = field
  const hasOptions = ['Link', 'Currency', 'Select'].includes(fieldtype)
  const options = hasOptions ? field.options || null : null
  const label = field.label || fieldname
  return { doctype, fieldname, label, fieldtype, options, via: null, isChild: false, bucket: null }
}
