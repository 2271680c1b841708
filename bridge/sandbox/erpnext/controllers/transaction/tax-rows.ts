import type { Document } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { pythonFloat } from '../../format.ts'
import { roundTo } from '../../rounding.ts'
import {
  discountsGrandTotal,
  emptyProgress,
  setBase,
  signedForTotal,
  type Calculation,
} from './calculation.ts'
import { readItemTaxRates } from './item-tax.ts'

/** Empties what a former run left, keeping amounts that a person gave. */
export function resetTaxes(calculation: Calculation): void {
  const keepAmounts = calculation.discountApplied && discountsGrandTotal(calculation.document)
  calculation.progress = calculation.taxes.map(emptyProgress)
  for (const tax of calculation.taxes) {
    tax.total = 0
    tax.tax_amount_after_discount_amount = 0
    if (tax.charge_type !== 'Actual' && !keepAmounts) tax.tax_amount = 0
    tax.rate = roundTo(numberOf(tax, 'rate'), 3)
    tax.tax_amount = roundTo(numberOf(tax, 'tax_amount'))
  }
}

/** The rate of a tax for one row: the item's tax template may override it. */
export function rateFor(tax: Document, row: Document): number {
  const own = readItemTaxRates(row.item_tax_rate)[textOf(tax, 'account_head')]
  return own === undefined ? numberOf(tax, 'rate') : roundTo(own, 3)
}

/** Passes each item through each tax, then totals, rounding only at the end of each tax. */
export function setTaxes(calculation: Calculation): void {
  calculation.grandTotalDifference = 0
  if (!calculation.taxes.length) return
  accumulate(calculation)
  if (discountsGrandTotal(calculation.document)) rememberDiscountedTotal(calculation)
  calculation.taxes.forEach((tax, index) => {
    tax.tax_amount = roundTo(numberOf(tax, 'tax_amount'))
    tax.tax_amount_after_discount_amount = roundTo(afterDiscount(tax))
    setBase(calculation, tax, ['tax_amount', 'tax_amount_after_discount_amount'])
    setCumulativeTotal(calculation, index)
    setBase(calculation, tax, ['total'])
    tax.item_wise_tax_detail = detailText(calculation.progress[index]?.byItem ?? {})
  })
}

function accumulate(calculation: Calculation): void {
  const { taxes, items, document } = calculation
  const keepAmounts = calculation.discountApplied && discountsGrandTotal(document)
  const restOfActual = taxes.map((tax) => numberOf(tax, 'tax_amount'))
  items.forEach((row, itemIndex) => {
    taxes.forEach((tax, index) => {
      let amount = amountFor(calculation, row, index)
      if (tax.charge_type === 'Actual') {
        restOfActual[index] = (restOfActual[index] ?? 0) - amount
        if (itemIndex === items.length - 1) amount += restOfActual[index] ?? 0
      } else if (!keepAmounts) tax.tax_amount = numberOf(tax, 'tax_amount') + amount
      tax.tax_amount_after_discount_amount = afterDiscount(tax) + amount
      advance(calculation, row, index, amount)
    })
  })
}

function advance(calculation: Calculation, row: Document, index: number, amount: number): void {
  const progress = calculation.progress[index]
  const tax = calculation.taxes[index]
  if (!progress || !tax) return
  const before = calculation.progress[index - 1]?.totalForItem ?? numberOf(row, 'net_amount')
  progress.amountForItem = amount
  progress.totalForItem = before + signedForTotal(amount, tax)
}

function amountFor(calculation: Calculation, row: Document, index: number): number {
  const tax = calculation.taxes[index] as Document
  const rate = rateFor(tax, row)
  const amount = rawAmount(calculation, row, tax, rate)
  const byItem = calculation.progress[index]?.byItem
  const key = textOf(row, 'item_code') || textOf(row, 'item_name')
  if (byItem) byItem[key] = [rate, (byItem[key]?.[1] ?? 0) + amount * calculation.conversionRate]
  return amount
}

function rawAmount(calculation: Calculation, row: Document, tax: Document, rate: number): number {
  const referred = calculation.progress[numberOf(tax, 'row_id') - 1]
  const net = numberOf(row, 'net_amount')
  switch (tax.charge_type) {
    case 'Actual': {
      const netTotal = numberOf(calculation.document, 'net_total')
      return netTotal ? (net * numberOf(tax, 'tax_amount')) / netTotal : 0
    }
    case 'On Net Total':
      return (rate / 100) * net
    case 'On Previous Row Amount':
      return (rate / 100) * (referred?.amountForItem ?? 0)
    case 'On Previous Row Total':
      return (rate / 100) * (referred?.totalForItem ?? 0)
    case 'On Item Quantity':
      return rate * numberOf(row, 'qty')
    default:
      return 0
  }
}

/** The discount on the grand total is shared out against the total before it. */
function rememberDiscountedTotal(calculation: Calculation): void {
  const { document, taxes } = calculation
  const isDiscounted =
    calculation.discountApplied ||
    numberOf(document, 'discount_amount') !== 0 ||
    numberOf(document, 'additional_discount_percentage') !== 0
  if (!isDiscounted) return
  taxes.forEach((tax, index) => {
    if (calculation.discountApplied)
      tax.tax_amount_after_discount_amount = roundTo(afterDiscount(tax))
    setCumulativeTotal(calculation, index)
  })
  const last = numberOf(taxes.at(-1) as Document, 'total')
  if (!calculation.discountApplied) calculation.totalBeforeDiscount = last
  else {
    const before = calculation.totalBeforeDiscount ?? last
    calculation.grandTotalDifference = roundTo(
      before - numberOf(document, 'discount_amount') - last,
    )
  }
}

function setCumulativeTotal(calculation: Calculation, index: number): void {
  const tax = calculation.taxes[index] as Document
  const previous = calculation.taxes[index - 1]
  const before = previous
    ? numberOf(previous, 'total')
    : numberOf(calculation.document, 'net_total')
  tax.total = roundTo(before + signedForTotal(afterDiscount(tax), tax))
}

/** JSON as Python writes it: rates and amounts are floats. */
function detailText(byItem: Record<string, [number, number]>): string {
  const members = Object.entries(byItem).map(([item, [rate, amount]]) => {
    return `${JSON.stringify(item)}:[${pythonFloat(rate)},${pythonFloat(amount)}]`
  })
  return `{${members.join(',')}}`
}

function afterDiscount(tax: Document): number {
  return numberOf(tax, 'tax_amount_after_discount_amount')
}
