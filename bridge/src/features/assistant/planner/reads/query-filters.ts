import type { Filter } from '../../../../shared/site-protocol.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { ReadQuery } from './read-query.ts'

/** The query's slots as filters. Sums count submitted documents only; cancelled ones never show unasked. */
export function filtersOf(query: ReadQuery, today: string): Filter[] {
  const filters = [
    ...statusFilters(query, today),
    ...periodFilters(query),
    ...amountFilters(query),
    ...query.others.flatMap((other) => other.filters),
  ]
  filters.push(...openFilter(query, filters))
  if (query.party) filters.push(...partyFilters(query, query.party))
  if (query.item) {
    const items = knowledgeOf(query.doctype)?.items
    filters.push([items ? `${items.field}.item_code` : 'item_code', '=', query.item.name])
  }
  return filters.some(([field]) => field === 'docstatus')
    ? filters
    : [...docstatusFilter(query), ...filters]
}

function docstatusFilter(query: ReadQuery): Filter[] {
  if (!knowledgeOf(query.doctype)?.submittable) return []
  const isFigure = query.kind !== 'list' && query.kind !== 'count'
  return isFigure || query.measure ? [['docstatus', '=', 1]] : [['docstatus', '<', 2]]
}

function statusFilters(query: ReadQuery, today: string): Filter[] {
  const meanings = knowledgeOf(query.doctype)?.statuses ?? []
  return query.statuses.flatMap(
    (name) => meanings.find((meaning) => meaning.name === name)?.filters(today) ?? [],
  )
}

/** What is outstanding lies on the documents that are not settled, so that a list of them shows it. */
function openFilter({ doctype, measure }: ReadQuery, filters: Filter[]): Filter[] {
  const field = knowledgeOf(doctype)?.outstanding
  const isOpen = field && measure?.field === field && !filters.some(([name]) => name === field)
  return isOpen ? [[field, '!=', 0]] : []
}

function periodFilters({ period }: ReadQuery): Filter[] {
  if (!period) return []
  const { field, from, to } = period
  const isStamp = field === 'creation' || field === 'modified'
  const until = isStamp && to ? `${to} 23:59:59` : to
  if (from && until && !isStamp) return [[field, 'between', [from, until]]]
  const filters: Filter[] = []
  if (from) filters.push([field, '>=', from])
  if (until) filters.push([field, '<=', until])
  return filters
}

function amountFilters({ amount }: ReadQuery): Filter[] {
  if (!amount) return []
  if (amount.operator !== 'between') return [[amount.field, amount.operator, amount.value]]
  return [
    [amount.field, '>=', amount.value],
    [amount.field, '<=', amount.upTo ?? amount.value],
  ]
}

function partyFilters(query: ReadQuery, party: NonNullable<ReadQuery['party']>): Filter[] {
  const typeField = knowledgeOf(query.doctype)?.party?.typeField
  const own: Filter = [party.field, '=', party.name]
  return typeField ? [[typeField, '=', party.doctype], own] : [own]
}
