import { knowledgeOf } from '../knowledge/index.ts'
import { groupFieldOf, type Grouping } from './grouping.ts'
import { measureFor } from './measures.ts'
import { emptyQuery, type ReadQuery } from './read-query.ts'

/** The same question asked of another kind of document: what has no place there is left out. */
export function ofDoctype(before: ReadQuery, doctype: string): ReadQuery {
  const known = knowledgeOf(doctype)
  const old = knowledgeOf(before.doctype)
  const query = { ...emptyQuery(doctype, before.kind), limit: before.limit }
  query.statuses = before.statuses.filter((name) =>
    known?.statuses.some((status) => status.name === name),
  )
  const when = before.period?.field === old?.due ? known?.due : known?.date
  if (before.period && when) query.period = { ...before.period, field: when }
  const how = before.amount?.field === old?.outstanding ? known?.outstanding : known?.amount
  if (before.amount && how) query.amount = { ...before.amount, field: how }
  const isSameParty = known?.party?.doctype === before.party?.doctype
  if (before.party && known?.party && isSameParty) {
    query.party = { ...before.party, field: known.party.field }
  }
  if (before.item && known?.items) query.item = before.item
  if (before.measure) query.measure = measureFor(doctype, measureKind(before))
  if (before.group) query.group = groupFieldOf(doctype, before.group.label as Grouping)
  if (before.order && known?.amount && before.order.field === old?.amount) {
    query.order = { ...before.order, field: known.amount }
  }
  return query
}

function measureKind({ measure, doctype }: ReadQuery) {
  const known = knowledgeOf(doctype)
  if (measure?.field === known?.outstanding) return 'outstanding'
  return measure?.field === known?.baseNet ? 'net' : 'amount'
}
