import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

const TABLES: Record<string, string> = {
  'Item Code': 'items',
  'Item Group': 'item_groups',
  Brand: 'brands',
}
const FOR_SELLING = ['Customer', 'Customer Group', 'Territory']
const FOR_BUYING = ['Supplier', 'Supplier Group']

/** A rule that changes prices: its own checks, and the fields it does not use emptied. */
export const pricingRule: Controller = {
  validate(document, site) {
    checkMandatory(document)
    checkTable(document)
    checkSide(document)
    for (const [field, label] of [
      ['amt', 'Amt'],
      ['qty', 'Qty'],
    ] as const) {
      const most = numberOf(document, `max_${field}`)
      if (most && numberOf(document, `min_${field}`) > most) {
        refuse(`Min ${label} can not be greater than Max ${label}`)
      }
    }
    clearUnused(document)
    checkDiscount(document, site)
    checkDates(document)
    if (!document.margin_type) document.margin_rate_or_amount = 0
  },
}

function checkMandatory(document: Document): void {
  if (document.has_priority === 1 && !document.priority) {
    refuse('Priority is mandatory', 'MandatoryError', 'Please Set Priority')
  }
  if (document.priority) document.has_priority = 1
  const applyOn = textOf(document, 'apply_on')
  if (!rowsOf(document, TABLES[applyOn] ?? '').length) {
    refuse(`${applyOn} is not added in the table`, 'MandatoryError')
  }
  const whom = textOf(document, 'applicable_for')
  if (whom && !document[whom.toLowerCase().replace(' ', '_')]) {
    refuse(`${whom} is required`, 'MandatoryError')
  }
  if (!document.rate_or_discount) {
    refuse('Rate or Discount is required for the price discount.', 'MandatoryError')
  }
}

function checkTable(document: Document): void {
  const applyOn = textOf(document, 'apply_on')
  const field = applyOn.toLowerCase().replace(' ', '_')
  const names = rowsOf(document, TABLES[applyOn] ?? '').map((row) => textOf(row, field))
  if (new Set(names).size < names.length) refuse(`Duplicate ${applyOn} found in the table`)
}

function checkSide(document: Document): void {
  const whom = textOf(document, 'applicable_for')
  const [sells, buys] = [numberOf(document, 'selling') === 1, numberOf(document, 'buying') === 1]
  if (!sells && !buys) {
    refuse('Atleast one of the Selling or Buying must be selected')
  }
  if (!sells && FOR_SELLING.includes(whom)) {
    refuse(`Selling must be checked, if Applicable For is selected as ${whom}`)
  }
  if (!buys && FOR_BUYING.includes(whom)) {
    refuse(`Buying must be checked, if Applicable For is selected as ${whom}`)
  }
}

function clearUnused(document: Document): void {
  for (const [applyOn, table] of Object.entries(TABLES)) {
    if (applyOn !== document.apply_on) document[table] = []
  }
  for (const whom of [...FOR_SELLING, ...FOR_BUYING]) {
    if (whom !== document.applicable_for) document[whom.toLowerCase().replace(' ', '_')] = null
  }
  for (const kind of ['Rate', 'Discount Percentage', 'Discount Amount']) {
    const field = kind.toLowerCase().replace(' ', '_')
    if (kind !== document.rate_or_discount) document[field] = 0
  }
  if (numberOf(document, 'rate') < 0) refuse('Rate can not be negative')
}

function checkDiscount(document: Document, site: SiteContext): void {
  if (document.rate_or_discount !== 'Discount Percentage') return
  for (const { item_code } of rowsOf(document, 'items')) {
    const most = Number(site.getValue('Item', String(item_code), 'max_discount') ?? 0)
    if (most && numberOf(document, 'discount_percentage') > most) {
      refuse(`Max discount allowed for item: ${String(item_code)} is ${most}%`)
    }
  }
}

function checkDates(document: Document): void {
  const from = textOf(document, 'valid_from')
  const to = textOf(document, 'valid_upto')
  if (from && to && from > to) {
    refuse('<strong>Valid Upto</strong> must be after <strong>Valid From</strong>', 'InvalidDates')
  }
}
