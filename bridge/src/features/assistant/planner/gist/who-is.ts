import { resolveName } from '../names.ts'
import type { PlannerTurn } from '../planner-turn.ts'

export type Party = 'Customer' | 'Supplier'

/** Of which kinds a name may be, certain or not; a name that nobody has is of none. */
export async function partiesCalled(name: string, planner: PlannerTurn): Promise<Party[]> {
  const found: Party[] = []
  const unsure: Party[] = []
  for (const doctype of ['Customer', 'Supplier'] as const) {
    if (!planner.vocabulary.has(doctype)) continue
    const { status } = await resolveName(planner.site, doctype, name)
    if (status === 'found') found.push(doctype)
    if (status === 'unsure') unsure.push(doctype)
  }
  return found.length > 0 ? found : unsure
}

export async function isItem(name: string, planner: PlannerTurn): Promise<boolean> {
  return (await resolveName(planner.site, 'Item', name)).status !== 'not_found'
}

/** "them", "this customer": whoever was spoken of. */
export const PRONOUN =
  /\b(?:it|them|they|him|her|their|this|that|this one|that one|(?:this|that) (?:customer|client|supplier|vendor))\b/
