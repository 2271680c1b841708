import type { Document } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { formatMoney } from '../../format.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { setBase, type Calculation } from './calculation.ts'

/**
 * Shares the additional discount out over the rows by net amount, cents included. True when the
 * taxes must be computed again on the lower amounts.
 */
export function shareOutDiscount(calculation: Calculation): boolean {
  const { document } = calculation
  setDiscountAmount(document)
  const discount = numberOf(document, 'discount_amount')
  if (!discount) {
    document.base_discount_amount = 0
    return false
  }
  if (!document.apply_discount_on) refuse('Please select Apply Discount On')
  document.base_discount_amount = roundTo(discount * calculation.conversionRate)
  const total = totalToDiscount(calculation)
  if (!total) return false
  lowerNetAmounts(calculation, discount, total)
  calculation.discountApplied = true
  return true
}

function setDiscountAmount(document: Document): void {
  const percentage = numberOf(document, 'additional_discount_percentage')
  if (percentage) {
    const field = document.apply_discount_on === 'Net Total' ? 'net_total' : 'grand_total'
    document.discount_amount = roundTo((numberOf(document, field) * percentage) / 100)
  }
  const discount = numberOf(document, 'discount_amount')
  const grandTotal = numberOf(document, 'grand_total')
  const tooMuch = grandTotal >= 0 ? discount > grandTotal : discount < grandTotal
  if (!tooMuch) return
  const currency = textOf(document, 'currency')
  refuse(
    `Additional Discount Amount (${formatMoney(discount, currency)}) cannot exceed the total before such discount (${formatMoney(grandTotal, currency)})`,
  )
}

function lowerNetAmounts(calculation: Calculation, discount: number, total: number): void {
  let shared = 0
  let expected = 0
  for (const row of calculation.items) {
    const net = numberOf(row, 'net_amount')
    const share = (discount * net) / total
    expected += net - share
    let lowered = roundTo(net - share)
    shared += lowered
    const missing = roundTo(expected - shared)
    lowered = roundTo(lowered + missing)
    shared += missing
    row.net_amount = lowered
    const quantity = numberOf(row, 'qty')
    row.net_rate = quantity ? roundTo(lowered / quantity) : 0
    setBase(calculation, row, ['net_rate', 'net_amount'])
  }
}

/** A discount on the grand total is not taken from charges with a fixed amount. */
function totalToDiscount(calculation: Calculation): number {
  const { document, taxes } = calculation
  if (document.apply_discount_on === 'Net Total' || !taxes.length) {
    return numberOf(document, 'net_total')
  }
  const fixed = new Map<number, { amount: number; cumulative: number }>()
  let total = 0
  const add = (tax: Document, amount: number) => {
    const signed = tax.add_deduct_tax === 'Deduct' ? -amount : amount
    if (tax.category !== 'Valuation') total += signed
    fixed.set(tax.idx, { amount: signed, cumulative: total })
  }
  for (const tax of taxes) {
    if (tax.charge_type === 'Actual' || tax.charge_type === 'On Item Quantity') {
      add(tax, numberOf(tax, 'tax_amount'))
      continue
    }
    const base = fixed.get(numberOf(tax, 'row_id'))
    if (!base) continue
    const on = tax.charge_type === 'On Previous Row Amount' ? base.amount : base.cumulative
    add(tax, (on * numberOf(tax, 'rate')) / 100)
  }
  return (calculation.totalBeforeDiscount ?? numberOf(document, 'grand_total')) - total
}
