import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'

/** What is known of one tax row while one item after another passes through it. */
export interface TaxProgress {
  amountForItem: number
  totalForItem: number
  fraction: number
  totalFraction: number
  byItem: Record<string, [rate: number, amount: number]>
}

/** One run of the totals: the document being computed and what must be remembered between steps. */
export interface Calculation {
  document: Document
  items: Document[]
  taxes: Document[]
  progress: TaxProgress[]
  conversionRate: number
  fields: ReadonlySet<string>
  discountApplied: boolean
  /** A few cents by which included taxes miss the printed total. */
  grandTotalDifference: number
  totalBeforeDiscount: number | null
}

export function startCalculation(document: Document, site: SiteContext): Calculation {
  const taxes = rowsOf(document, 'taxes')
  return {
    document,
    items: rowsOf(document, 'items'),
    taxes,
    progress: taxes.map(emptyProgress),
    conversionRate: numberOf(document, 'conversion_rate') || 1,
    fields: new Set(site.meta(document.doctype).fields.map((field) => field.fieldname)),
    discountApplied: false,
    grandTotalDifference: 0,
    totalBeforeDiscount: null,
  }
}

export function emptyProgress(): TaxProgress {
  return { amountForItem: 0, totalForItem: 0, fraction: 0, totalFraction: 0, byItem: {} }
}

/** Writes `base_<field>` for each field: the amount in the company's currency. */
export function setBase(calculation: Calculation, row: Document, fields: string[]): void {
  for (const field of fields) {
    const inCompanyCurrency = roundTo(numberOf(row, field)) * calculation.conversionRate
    row[`base_${field}`] = roundTo(inCompanyCurrency)
  }
}

/** A tax that only adds to the valuation leaves the total alone; a deduction lowers it. */
export function signedForTotal(amount: number, tax: Document): number {
  const category = textOf(tax, 'category')
  if (!category) return amount
  if (category === 'Valuation') return 0
  return tax.add_deduct_tax === 'Deduct' ? -amount : amount
}

export function discountsGrandTotal(document: Document): boolean {
  return document.apply_discount_on === 'Grand Total'
}
