import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from './write-plan.ts'

/**
 * A customer's or supplier's telephone and e-mail are shown on it but kept on its primary contact:
 * the contact is what changes. Null when it has none, so that nothing is guessed.
 */
export async function contactChange(
  plan: WritePlan,
  fieldname: string,
  value: string,
  planner: PlannerTurn,
): Promise<WritePlan | null> {
  if (!plan.name) return null
  const owner = await planner.site.call('read_record', { doctype: plan.doctype, name: plan.name })
  const contact = owner.values[`${plan.doctype.toLowerCase()}_primary_contact`]
  if (typeof contact !== 'string' || !contact) return null
  const { values } = await planner.site.call('read_record', { doctype: 'Contact', name: contact })
  const isPhone = fieldname === 'mobile_no'
  const table = isPhone ? 'phone_nos' : 'email_ids'
  const key = isPhone ? 'phone' : 'email_id'
  const primary = isPhone ? 'is_primary_mobile_no' : 'is_primary'
  const text = value.trim().replace(/[.!]+$/, '')
  const rows = (values[table] ?? []) as Record<string, unknown>[]
  const changed = rows.some((row) => row[primary])
    ? rows.map((row) => ({ name: row.name, ...(row[primary] ? { [key]: text } : {}) }))
    : [...rows.map(({ name }) => ({ name })), { [key]: text, [primary]: 1 }]
  return { ...plan, doctype: 'Contact', name: contact, values: { [table]: changed } }
}
