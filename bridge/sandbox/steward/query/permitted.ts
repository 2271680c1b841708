import type { SiteContext } from '../../site/contract.ts'
import { refuse } from '../operations/refusal.ts'
import { textOf } from '../values.ts'
import { resolveColumn } from './columns.ts'

const OPERATORS = new Set([
  '=',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'like',
  'not like',
  'in',
  'not in',
  'is',
  'between',
  'timespan',
  'descendants of',
  'not descendants of',
  'ancestors of',
  'not ancestors of',
])
const MOST_LINKED = 5000

/** Names of the documents the person may list under some filters: exactly those of Desk's list. */
export function permittedNames(
  doctype: string,
  filters: unknown[],
  orFilters: unknown[],
  site: SiteContext,
): Set<string> {
  const any = orFilters.map((row) => siteFilter(doctype, row, site))
  const rows = site.getList(doctype, {
    fields: ['name'],
    filters: filters.map((row) => siteFilter(doctype, row, site)),
    ...(any.length ? { or_filters: any } : {}),
    order_by: null,
    limit_page_length: 0,
  })
  return new Set(rows.map((row) => textOf(row.name)))
}

function siteFilter(doctype: string, row: unknown, site: SiteContext): unknown[] {
  if (!Array.isArray(row) || row.length !== 3) {
    return refuse('A filter is a field, an operator and a value.')
  }
  const [path, given, value] = row as unknown[]
  const operator = textOf(given).toLowerCase()
  if (!OPERATORS.has(operator)) refuse(`${operator} is no operator of a filter.`)
  const column = resolveColumn(doctype, textOf(path), site)
  if (!column.via || column.isChild) return [column.doctype, column.fieldname, operator, value]
  const filter = [column.doctype, column.fieldname, operator, value]
  return [doctype, column.via, 'in', linkedNames(column.doctype, filter, site)]
}

/** The linked documents that match; an impossible name when there are none. */
function linkedNames(doctype: string, filter: unknown[], site: SiteContext): string[] {
  const rows = site.getList(doctype, {
    filters: [filter],
    fields: ['name'],
    limit_page_length: MOST_LINKED,
    order_by: 'name asc',
  })
  return rows.length ? rows.map((row) => textOf(row.name)) : ['\u0000']
}
