import type { WritePlan } from './write-plan.ts'
import { emptyPlan } from './write-plan.ts'

/**
 * The proposal was approved meanwhile: what is put differently becomes a change of the document that
 * was saved, not a second document. Null when a change of it cannot say so.
 */
export function changeOfSaved(
  before: WritePlan,
  revised: WritePlan,
  name: string,
): WritePlan | null {
  const change = { ...emptyPlan('update', before.doctype), name }
  const slots = revised.slots.filter(({ key }) => !key.startsWith('item:'))
  const values = Object.fromEntries(
    Object.entries(revised.values).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before.values[field]),
    ),
  )
  for (const field of ['additional_discount_percentage', 'discount_amount']) {
    if (field in before.values && !(field in revised.values)) values[field] = 0
  }
  const added = revised.items.slice(before.items.length)
  const [first] = revised.items
  const old = before.items[0]
  if (added.length > 1 || revised.slots.some(({ key }) => key === 'item:0')) return null
  if (added[0]) {
    const { qty, rate } = added[0]
    const slot = { ...revised.slots.find(({ key }) => key.startsWith('item:'))!, key: 'row' }
    const row = { qty, ...(rate !== null && { rate }) }
    return { ...change, rows: { kind: 'add', item_code: null, values: row }, slots: [slot] }
  }
  if (first && old && (first.qty !== old.qty || first.rate !== old.rate)) {
    const row = {
      ...(first.qty !== old.qty && { qty: first.qty }),
      ...(first.rate !== old.rate && { rate: first.rate }),
    }
    return { ...change, values, rows: { kind: 'set', item_code: old.item_code, values: row } }
  }
  const isChanged = Object.keys(values).length > 0 || slots.length > 0
  return isChanged ? { ...change, values, slots } : null
}
