import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { amountInWords } from '../../amount-in-words.ts'
import { roundTo, roundToSmallestFraction } from '../../rounding.ts'
import { shareOutDiscount } from './additional-discount.ts'
import { setBase, startCalculation, type Calculation } from './calculation.ts'
import { checkConversionRate, companyCurrency } from './currency.ts'
import { adjustForIncludedTaxes, sumNetAmounts, takeOutIncludedTaxes } from './included-taxes.ts'
import { setItemValues } from './item-values.ts'
import { kindOf } from './kinds.ts'
import { resetTaxes, setTaxes } from './tax-rows.ts'

/** Amounts, taxes and totals of a priced document, in ERPNext's order and with its rounding. */
export function setTotals(document: Document, site: SiteContext): void {
  checkConversionRate(document, site)
  const calculation = startCalculation(document, site)
  if (!calculation.items.length) return
  setItemValues(calculation)
  runOnce(calculation, site)
  if (shareOutDiscount(calculation)) runOnce(calculation, site)
  setOutstanding(document)
  setWords(document, site)
}

function runOnce(calculation: Calculation, site: SiteContext): void {
  resetTaxes(calculation)
  takeOutIncludedTaxes(calculation)
  sumNetAmounts(calculation)
  setTaxes(calculation)
  adjustForIncludedTaxes(calculation)
  setGrandTotal(calculation)
  setRoundedTotal(calculation, site)
}

function setGrandTotal(calculation: Calculation): void {
  const { document, taxes, grandTotalDifference } = calculation
  const last = taxes.at(-1)
  const net = numberOf(document, 'net_total')
  const grand = last ? numberOf(last, 'total') + grandTotalDifference : net
  document.total_taxes_and_charges = last ? roundTo(grand - net - grandTotalDifference) : 0
  setBase(calculation, document, ['total_taxes_and_charges'])
  document.grand_total = roundTo(grand)
  document.base_grand_total = hasCharges(calculation)
    ? roundTo(grand * calculation.conversionRate)
    : document.base_net_total
}

function hasCharges(calculation: Calculation): boolean {
  const { document, taxes } = calculation
  if (kindOf(document).side === 'selling')
    return numberOf(document, 'total_taxes_and_charges') !== 0
  return taxes.some(
    (tax) =>
      tax.category !== 'Valuation' && numberOf(tax, 'tax_amount_after_discount_amount') !== 0,
  )
}

function setRoundedTotal(calculation: Calculation, site: SiteContext): void {
  const { document, fields } = calculation
  if (!fields.has('rounded_total')) return
  if (isRoundingDisabled(document, site)) {
    document.rounded_total = 0
    document.base_rounded_total = 0
    document.rounding_adjustment = 0
    document.base_rounding_adjustment = 0
    return
  }
  const currency = textOf(document, 'currency')
  const smallest = site.exists('Currency', currency)
    ? Number(site.getValue('Currency', currency, 'smallest_currency_fraction_value') ?? 0)
    : 0
  const grand = numberOf(document, 'grand_total')
  document.rounded_total = roundToSmallestFraction(grand, smallest)
  document.rounding_adjustment = roundTo(numberOf(document, 'rounded_total') - grand)
  setBase(calculation, document, ['rounding_adjustment', 'rounded_total'])
}

export function isRoundingDisabled(document: Document, site: SiteContext): boolean {
  if (document.disable_rounded_total !== undefined && document.disable_rounded_total !== null) {
    return document.disable_rounded_total === 1
  }
  return site.getSingle('Global Defaults').disable_rounded_total === 1
}

/** The amount a party owes: the rounded total where there is one. */
export function amountDue(document: Document): number {
  return numberOf(document, 'rounded_total') || numberOf(document, 'grand_total')
}

function setOutstanding(document: Document): void {
  if (!document.doctype.endsWith('Invoice') || document.docstatus === 2) return
  const inPartyCurrency =
    document.party_account_currency === document.currency || !document.party_account_currency
  const due = inPartyCurrency
    ? amountDue(document)
    : numberOf(document, 'base_rounded_total') || numberOf(document, 'base_grand_total')
  document.total_advance = numberOf(document, 'total_advance')
  document.outstanding_amount = roundTo(due - numberOf(document, 'write_off_amount'))
}

function setWords(document: Document, site: SiteContext): void {
  const rounded = !isRoundingDisabled(document, site)
  const total = numberOf(document, rounded ? 'rounded_total' : 'grand_total')
  const base = numberOf(document, rounded ? 'base_rounded_total' : 'base_grand_total')
  document.in_words = amountInWords(Math.abs(total), textOf(document, 'currency'))
  document.base_in_words = amountInWords(Math.abs(base), companyCurrency(document, site))
}
