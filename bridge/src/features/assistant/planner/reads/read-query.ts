import type { Filter } from '../../../../shared/site-protocol.ts'
import type { Comparison, ReadPeriod } from '../language/index.ts'
import type { ResolvedName } from '../names.ts'

export type ReadKind = 'list' | 'count' | 'sum' | 'avg' | 'max' | 'min'

/** What was asked, in slots, so that a follow-up can change one of them. */
export interface ReadQuery {
  kind: ReadKind
  doctype: string
  /** Names of status meanings. */
  statuses: string[]
  period: (ReadPeriod & { field: string }) | null
  amount: (Comparison & { field: string }) | null
  party: (ResolvedName & { field: string }) | null
  item: ResolvedName | null
  /** Filters of other fields, with the words a sentence says them in. */
  others: { filters: Filter[]; words: string }[]
  /** The field a sum, average, highest or lowest is taken of. */
  measure: { field: string; label: string; isMoney: boolean } | null
  group: { field: string; label: string; title: string } | null
  order: { field: string; direction: 'asc' | 'desc' } | null
  limit: number | null
}

export function emptyQuery(doctype: string, kind: ReadKind): ReadQuery {
  return {
    kind,
    doctype,
    statuses: [],
    period: null,
    amount: null,
    party: null,
    item: null,
    others: [],
    measure: null,
    group: null,
    order: null,
    limit: null,
  }
}
