import type { Sentence } from '../language/index.ts'
import { readItemLines } from './item-lines.ts'
import { nameSlot, type WritePlan } from './write-plan.ts'

/** The answer to "which items?" becomes lines of the plan; without any the question stays open. */
export function itemsInto(plan: WritePlan, sentence: Sentence): WritePlan {
  const { lines, before } = readItemLines(sentence)
  const read = lines.length > 0 ? lines : before ? [{ ...SINGLE, asked: before }] : []
  if (read.length === 0) return plan
  const slots = plan.slots.filter(({ key }) => key !== 'field:items')
  return {
    ...plan,
    items: read.map(({ asked: _, ...line }) => line),
    slots: [
      ...slots,
      ...read.map(({ asked }, index) => nameSlot(`item:${index}`, ['Item'], asked)),
    ],
  }
}

const SINGLE = { item_code: null, qty: 1, uom: null, rate: null, discount_percentage: null }
