import type { ListFilter, SiteSession } from '../ports.ts'

/** The order of a list; ties are in order of their names. */
export interface ListOrder {
  order_by: string
  fieldname: string
  descending: boolean
}

/** Where a page ended: what the list is sorted by, and the name, of its last row. */
export interface RowKey {
  value: string | number
  name: string
}

type ListQuery = Parameters<SiteSession['list']>[1]

/** Null where the row has nothing in the sort field: then there is nothing to compare with. */
export function keyOf(row: Record<string, unknown> | undefined, order: ListOrder): RowKey | null {
  const value = row?.[order.fieldname]
  const name = row?.name
  if (typeof name !== 'string' || value === '') return null
  return typeof value === 'string' || typeof value === 'number' ? { value, name } : null
}

/**
 * The rows that follow `key` in the order. Frappe joins all `or_filters` into one group that is ANDed
 * to the filters, so that (s < k or (s = k and name > n)) is written as s <= k and (s < k or name > n).
 * A query that has such a group already is read in two: the ties of the key, then what comes after.
 */
export async function rowsAfter(
  list: (query: ListQuery) => Promise<Record<string, unknown>[]>,
  query: ListQuery,
  order: ListOrder,
  key: RowKey,
): Promise<Record<string, unknown>[]> {
  const beyond: ListFilter = [order.fieldname, order.descending ? '<' : '>', key.value]
  if (order.fieldname === 'name') return list(narrowed(query, [beyond]))
  const later: ListFilter = ['name', '>', key.name]
  if (!query.or_filters) {
    const from: ListFilter = [order.fieldname, order.descending ? '<=' : '>=', key.value]
    return list({ ...narrowed(query, [from]), or_filters: [beyond, later] })
  }
  const ties = await list(narrowed(query, [[order.fieldname, '=', key.value], later]))
  if (ties.length >= query.limit) return ties
  const rest = { ...narrowed(query, [beyond]), limit: query.limit - ties.length }
  return [...ties, ...(await list(rest))]
}

function narrowed(query: ListQuery, filters: ListFilter[]): ListQuery {
  return { ...query, filters: [...(query.filters ?? []), ...filters] }
}
