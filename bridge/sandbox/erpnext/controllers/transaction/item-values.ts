import type { Document } from '../../../site/contract.ts'
import { numberOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { setBase, type Calculation } from './calculation.ts'

const ROUNDED = ['price_list_rate', 'rate', 'discount_amount', 'margin_rate_or_amount']

/** Rate, discount and amount of each row: a missing rate comes from the price list, a given one stays. */
export function setItemValues(calculation: Calculation): void {
  for (const row of calculation.items) {
    for (const field of ROUNDED) row[field] = roundTo(numberOf(row, field))
    row.discount_percentage = roundTo(numberOf(row, 'discount_percentage'), 3)
    setRate(row)
    setDiscount(row)
    row.net_rate = row.rate
    row.amount = amountOf(row, calculation.document)
    row.net_amount = row.amount
    setBase(calculation, row, ['price_list_rate', 'rate', 'net_rate', 'amount', 'net_amount'])
    row.item_tax_amount = 0
  }
}

function setRate(row: Document): void {
  const listed = numberOf(row, 'price_list_rate')
  const percentage = numberOf(row, 'discount_percentage')
  if (percentage === 100) row.rate = 0
  else if (listed && (!numberOf(row, 'rate') || (row.pricing_rules && percentage > 0))) {
    row.rate = roundTo(listed * (1 - percentage / 100))
    row.discount_amount = listed * (percentage / 100)
  } else if (listed && row.pricing_rules && numberOf(row, 'discount_amount')) {
    row.rate = listed - numberOf(row, 'discount_amount')
  }
}

function setDiscount(row: Document): void {
  const withMargin = rateWithMargin(row)
  const listed = numberOf(row, 'price_list_rate')
  if (withMargin > 0) {
    const percentage = numberOf(row, 'discount_percentage')
    row.rate = roundTo(withMargin * (1 - percentage / 100))
    if (numberOf(row, 'discount_amount') && !percentage) {
      row.rate = withMargin - numberOf(row, 'discount_amount')
    } else row.discount_amount = withMargin - numberOf(row, 'rate')
  } else if (listed > 0) row.discount_amount = roundTo(listed - numberOf(row, 'rate'))
}

function rateWithMargin(row: Document): number {
  const listed = numberOf(row, 'price_list_rate')
  const margin = numberOf(row, 'margin_rate_or_amount')
  if (!listed || !row.margin_type || !margin) return 0
  return listed + (row.margin_type === 'Amount' ? margin : (listed * margin) / 100)
}

function amountOf(row: Document, document: Document): number {
  const rate = numberOf(row, 'rate')
  const quantity = numberOf(row, 'qty')
  if (!quantity && document.is_return === 1) return roundTo(-rate)
  if (!quantity && document.is_debit_note === 1) return roundTo(rate)
  return roundTo(rate * quantity)
}
