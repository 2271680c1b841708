import { knowledgeOf } from './knowledge/index.ts'
import type { PlannerTurn } from './planner-turn.ts'

const THIS_PARTY = /\b(?:this|that|the same) (?:(customer|client)|supplier|vendor)\b/i

/** "this customer" with an invoice open in Desk is the invoice's customer: as if that were open. */
export async function withOpenParty(planner: PlannerTurn): Promise<PlannerTurn> {
  const { page, text } = planner.turn
  const match = THIS_PARTY.exec(text)
  const party = page?.name ? knowledgeOf(page.doctype)?.party : undefined
  if (!match || !page?.name || !party) return planner
  const wanted = match[1] ? 'Customer' : 'Supplier'
  const target = { doctype: page.doctype, name: page.name }
  const { values } = await planner.site.call('read_record', target)
  const doctype = party.typeField ? values[party.typeField] : party.doctype
  const name = values[party.field]
  if (doctype !== wanted || typeof name !== 'string' || !name) return planner
  return { ...planner, turn: { ...planner.turn, page: { doctype: wanted, name } } }
}
