import type { ListQuery } from '../site/contract.ts'
import { SiteError, permissionError } from '../site/index.ts'
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
  return parseMaybeJson(args.as_dict) === false ? rows.map((row) => Object.values(row)) : rows
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

/** `reportview.validate_args`: plain names must be columns of the doctype. */
function checkFieldsExist(site: SiteSession, doctype: string, query: ListQuery): void {
  const meta = site.state.metas.get(doctype)
  for (const field of query.fields ?? []) {
    if (typeof field !== 'string' || !/^\w+$/.test(field)) continue
    if (meta.field(field) || field === 'doctype') continue
    throw new SiteError('DataError', `Field not permitted in query: ${field}`)
  }
}
