import type { Document } from '../../../site/contract.ts'
import { numberOf, sumOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { setBase, signedForTotal, type Calculation } from './calculation.ts'
import { rateFor } from './tax-rows.ts'

/** Takes taxes that the printed rate already includes out of the net amounts. */
export function takeOutIncludedTaxes(calculation: Calculation): void {
  if (!hasIncludedTax(calculation) || calculation.discountApplied) return
  for (const row of calculation.items) {
    const { fraction, perUnit } = includedShare(calculation, row)
    const quantity = numberOf(row, 'qty')
    if (!quantity || (!fraction && !perUnit)) continue
    const amount = numberOf(row, 'amount') - perUnit * quantity
    row.net_amount = roundTo(amount / (1 + fraction))
    row.net_rate = roundTo(numberOf(row, 'net_amount') / quantity)
    setBase(calculation, row, ['net_rate', 'net_amount'])
  }
}

/** The cents by which included taxes, rounded one by one, miss the printed total. */
export function adjustForIncludedTaxes(calculation: Calculation): void {
  const last = calculation.taxes.at(-1)
  if (!last || !hasIncludedTax(calculation)) return
  const { document } = calculation
  const notIncluded = calculation.taxes
    .filter((tax) => tax.included_in_print_rate !== 1)
    .reduce(
      (sum, tax) => sum + signedForTotal(numberOf(tax, 'tax_amount_after_discount_amount'), tax),
      0,
    )
  const discount = calculation.discountApplied ? numberOf(document, 'discount_amount') : 0
  const difference = roundTo(
    numberOf(document, 'total') + notIncluded - numberOf(last, 'total') - discount,
  )
  calculation.grandTotalDifference = Math.abs(difference) <= 0.05 ? difference : 0
  if (calculation.totalBeforeDiscount !== null && !calculation.discountApplied) {
    calculation.totalBeforeDiscount += calculation.grandTotalDifference
  }
}

function hasIncludedTax(calculation: Calculation): boolean {
  return calculation.taxes.some((tax) => tax.included_in_print_rate === 1)
}

function includedShare(calculation: Calculation, row: Document) {
  let perUnit = 0
  let fraction = 0
  calculation.taxes.forEach((tax, index) => {
    const share = shareOf(calculation, tax, row)
    const progress = calculation.progress[index]
    if (!progress) return
    progress.fraction = share.fraction
    progress.totalFraction = (calculation.progress[index - 1]?.totalFraction ?? 1) + share.fraction
    fraction += share.fraction
    perUnit += share.perUnit
  })
  return { fraction, perUnit }
}

function shareOf(calculation: Calculation, tax: Document, row: Document) {
  if (tax.included_in_print_rate !== 1) return { fraction: 0, perUnit: 0 }
  const sign = tax.add_deduct_tax === 'Deduct' ? -1 : 1
  const rate = rateFor(tax, row) * sign
  const referred = calculation.progress[numberOf(tax, 'row_id') - 1]
  switch (tax.charge_type) {
    case 'On Net Total':
      return { fraction: rate / 100, perUnit: 0 }
    case 'On Previous Row Amount':
      return { fraction: (rate / 100) * (referred?.fraction ?? 0), perUnit: 0 }
    case 'On Previous Row Total':
      return { fraction: (rate / 100) * (referred?.totalFraction ?? 0), perUnit: 0 }
    case 'On Item Quantity':
      return { fraction: 0, perUnit: rate }
    default:
      return { fraction: 0, perUnit: 0 }
  }
}

export function sumNetAmounts(calculation: Calculation): void {
  const { document, items } = calculation
  document.total_qty = roundTo(sumOf(items, 'qty'), 9)
  document.total = roundTo(sumOf(items, 'amount'))
  document.base_total = roundTo(sumOf(items, 'base_amount'))
  document.net_total = roundTo(sumOf(items, 'net_amount'))
  document.base_net_total = roundTo(sumOf(items, 'base_net_amount'))
}
