import type { Sentence } from '../language/index.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { ReadQuery } from './read-query.ts'

export type Grouping =
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year'
  | 'customer'
  | 'supplier'
  | 'item'
  | 'item group'
  | 'territory'
  | 'customer group'
  | 'supplier group'
  | 'status'
  | 'priority'
  | 'warehouse'
  | 'country'
  | 'company'
  | 'project'

const WORDS: [words: string, grouping: Grouping][] = [
  ['days?|date', 'day'],
  ['weeks?', 'week'],
  ['months?', 'month'],
  ['quarters?', 'quarter'],
  ['years?', 'year'],
  ['customer groups?', 'customer group'],
  ['supplier groups?', 'supplier group'],
  ['item groups?|product groups?|categor(?:y|ies)|product categor(?:y|ies)', 'item group'],
  ['customers?|clients?', 'customer'],
  ['suppliers?|vendors?', 'supplier'],
  ['items?|products?|articles?', 'item'],
  ['territor(?:y|ies)|regions?', 'territory'],
  ['status(?:es)?|states?', 'status'],
  ['priorit(?:y|ies)', 'priority'],
  ['warehouses?', 'warehouse'],
  ['countr(?:y|ies)', 'country'],
  ['projects?', 'project'],
]

const LEAD =
  '(?:by|per|for each|for every|grouped by|group by|group them by|split by|broken down by|in each|each|across|among)(?: the| our)?'

/** "sorted by date" orders rows, it groups none. */
const NO_SORTING = '(?<!\\b(?:sort|sorted|order|ordered|rank|ranked|arranged?) )'

/** Takes "by month", "per customer", "for each item", "monthly" out of the sentence. */
export function takeGrouping(sentence: Sentence): Grouping | null {
  for (const [words, grouping] of WORDS) {
    if (sentence.take(new RegExp(`${NO_SORTING}\\b${LEAD} (?:${words})\\b(?! (?:called|named))`)))
      return grouping
  }
  const rhythm = sentence.take(/\b(daily|weekly|monthly|quarterly|yearly|annual|annually)\b/)
  const units: Record<string, Grouping> = { daily: 'day', weekly: 'week', monthly: 'month' }
  if (!rhythm) return null
  return units[rhythm[1]!] ?? (rhythm[1] === 'quarterly' ? 'quarter' : 'year')
}

/** The field of `doctype` that groups so; null when it has none. */
export function groupFieldOf(doctype: string, grouping: Grouping): ReadQuery['group'] {
  const known = knowledgeOf(doctype)
  if (isPeriod(grouping)) {
    return known?.date
      ? { field: `${known.date}:${grouping}`, label: grouping, title: grouping }
      : null
  }
  if (grouping === 'customer' || grouping === 'supplier') {
    const party = known?.party
    if (!party) return null
    return { field: party.field, label: grouping, title: party.title }
  }
  if (grouping === 'item' || grouping === 'item group') {
    const field = grouping === 'item' ? 'item_code' : 'item_group'
    if (known?.items)
      return { field: `${known.items.field}.${field}`, label: grouping, title: field }
    return grouping === 'item group' ? own('item_group', grouping) : null
  }
  return own(grouping.replace(' ', '_'), grouping)
}

function own(field: string, label: string): ReadQuery['group'] {
  return { field, label, title: field }
}

function isPeriod(grouping: Grouping): boolean {
  return ['day', 'week', 'month', 'quarter', 'year'].includes(grouping)
}
