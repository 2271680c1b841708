import type { Sentence } from '../language/index.ts'
import { pronounTarget } from '../mentioned-documents.ts'
import type { ResolvedName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { emptyQuery, type ReadQuery } from './read-query.ts'

const PARTY_PRONOUN =
  /\b(?:of |for |from |by |with )?(?:this|that|the same) (customer|supplier|client|vendor)(?:'s)?\b|\b(?:of |for |from |by |with |to )?(?:them|they|their|him|her|his|its|it)\b/

/** "this customer", "their invoices": the party that is open or was spoken of. */
export function pageParty(sentence: Sentence, planner: PlannerTurn): ResolvedName | null {
  const match = PARTY_PRONOUN.exec(sentence.text)
  if (!match) return null
  const asked = match[1]
  const doctypes = !asked
    ? ['Customer', 'Supplier']
    : [/customer|client/.test(asked) ? 'Customer' : 'Supplier']
  for (const doctype of doctypes) {
    const found = pronounTarget(match[0], planner, doctype)
    if (!found || found.doctype !== doctype) continue
    sentence.takeSpan(match.index, match.index + match[0].length)
    return { ...found, title: found.name }
  }
  const before = planner.memory?.query?.party
  if (!before) return null
  sentence.takeSpan(match.index, match.index + match[0].length)
  return { doctype: before.doctype, name: before.name, title: before.title }
}

/** "only the unpaid ones" with nothing said before: of the list that is open in Desk. */
export function openList({ turn }: PlannerTurn): ReadQuery | null {
  const { page } = turn
  if (!page || page.name !== null) return null
  const query = emptyQuery(page.doctype, 'list')
  const filters = page.filters ?? []
  return filters.length > 0 ? { ...query, others: [{ filters, words: 'in the open list' }] } : query
}
