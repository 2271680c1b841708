import type { FieldDefinition, ListQuery } from '../site/contract.ts'
import { doesNotExist, permissionError, SiteError } from '../site/index.ts'
import type { SiteSession } from '../site/index.ts'
import { parseMaybeJson } from './wire-document.ts'

/** `frappe.client.get_list` with its defaults: 20 rows, and no order unless asked for. */
export function listWithArguments(
  site: SiteSession,
  doctype: string,
  args: Record<string, unknown>,
): unknown[] {
  checkParent(site, doctype, args.parent)
  const query = toQuery(args)
  checkFieldsExist(site, doctype, query)
  const rows = site.getList(doctype, query)
  return isFalse(args.as_dict) ? rows.map((row) => Object.values(row)) : rows
}

function isFalse(value: unknown): boolean {
  return [false, 0].includes(parseMaybeJson(value) as boolean | number)
}

function toQuery(args: Record<string, unknown>): ListQuery {
  const limit = args.limit_page_length ?? args.limit
  return {
    fields: asList(args.fields),
    filters: parseMaybeJson(args.filters),
    or_filters: parseMaybeJson(args.or_filters),
    order_by: text(args.order_by),
    group_by: text(args.group_by),
    limit_start: Number(args.limit_start ?? 0) || 0,
    limit_page_length: limit === undefined || limit === null ? 20 : Number(limit) || 0,
    parent: text(args.parent) ?? undefined,
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function asList(value: unknown): unknown[] | undefined {
  const parsed = parseMaybeJson(value)
  if (Array.isArray(parsed)) return parsed
  if (typeof parsed !== 'string' || parsed === '') return undefined
  return parsed === '*' ? ['*'] : parsed.split(',').map((field) => field.trim())
}

/** Rows of a child table are listed only through a parent that holds them and may be read. */
function checkParent(site: SiteSession, doctype: string, parent: unknown): void {
  if (!site.meta(doctype).istable) return
  const holds =
    typeof parent === 'string' &&
    site.hasMeta(parent) &&
    site.meta(parent).fields.some((field) => field.options === doctype)
  if (holds && site.hasPermission(String(parent), 'read')) return
  throw permissionError('', { silent: true })
}

/** `reportview.validate_args`: plain names, in fields and filters, must be columns of the doctype. */
function checkFieldsExist(site: SiteSession, doctype: string, query: ListQuery): void {
  const meta = site.state.metas.get(doctype)
  for (const field of query.fields ?? []) {
    if (typeof field !== 'string') throw programmingError('TypeError', "unhashable type: 'dict'")
    if (/^\w+$/.test(field)) checkField(site, doctype, field)
    else if (/^\w+\.\w+$/.test(field))
      checkJoined(site, meta.field(field.split('.')[0] ?? ''), field)
  }
  for (const filters of [query.filters, query.or_filters]) {
    if (Array.isArray(filters)) for (const filter of filters) checkFilter(site, doctype, filter)
  }
}

function checkField(site: SiteSession, doctype: string, field: string): void {
  const meta = site.state.metas.get(doctype)
  const inChild = meta.tables.some((table) => {
    return (
      site.hasMeta(table.options ?? '') && site.state.metas.get(table.options ?? '').field(field)
    )
  })
  if (!meta.field(field) && !inChild) throw notPermittedField(field)
}

function checkJoined(site: SiteSession, owner: FieldDefinition | undefined, field: string): void {
  const target = owner?.options ?? ''
  const known =
    site.hasMeta(target) && site.state.metas.get(target).field(field.split('.')[1] ?? '')
  if (!known) throw notPermittedField(field)
}

/** A flat `["status", "=", "Open"]` is read as filters of doctypes named by single letters. */
function checkFilter(site: SiteSession, doctype: string, filter: unknown): void {
  if (typeof filter === 'string') throw doesNotExist('DocType', filter.slice(0, 1))
  if (!Array.isArray(filter)) return
  const [first, second] = filter as unknown[]
  const [owner, field] =
    filter.length >= 4 ? [String(first), String(second)] : [doctype, String(first)]
  if (field.includes('.')) throw programmingError('OperationalError', unknownColumn(owner, field))
  checkField(site, owner, field)
}

function unknownColumn(doctype: string, field: string): string {
  return `(1054, "Unknown column 'tab${doctype}.${field}' in 'WHERE'")`
}

function programmingError(excType: string, message: string): SiteError {
  return new SiteError(excType, message, { silent: true })
}

function notPermittedField(field: string): SiteError {
  return new SiteError('DataError', `Field not permitted in query: ${field}`)
}
