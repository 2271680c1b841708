import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

const ASKED = [
  'tax_type',
  'customer',
  'customer_group',
  'supplier',
  'supplier_group',
  'item',
  'item_group',
  'tax_category',
  'company',
  ...['billing', 'shipping'].flatMap((kind) =>
    ['city', 'county', 'state', 'zipcode', 'country'].map((part) => `${kind}_${part}`),
  ),
]

/** Which tax template a party gets; of two rules that ask the same, priorities have to differ. */
export const taxRule: Controller = {
  validate(document, site) {
    clearOtherSide(document)
    if (!document.sales_tax_template && !document.purchase_tax_template) {
      refuse('Tax Template is mandatory.')
    }
    const from = textOf(document, 'from_date')
    const to = textOf(document, 'to_date')
    if (from && to && from > to) {
      refuse('<strong>To Date</strong> must be after <strong>From Date</strong>', 'InvalidDates')
    }
    const rival = rivals(document, site).find((rule) => overlaps(rule, from, to))
    if (rival && numberOf(rival, 'priority') === numberOf(document, 'priority')) {
      refuse(`Tax Rule Conflicts with ${rival.name}`, 'ConflictingTaxRule')
    }
  },
}

function clearOtherSide(document: Document): void {
  const clear = (fields: string[]) => {
    for (const field of fields) document[field] = null
  }
  if (document.tax_type === 'Sales') {
    clear(['purchase_tax_template', 'supplier', 'supplier_group'])
    if (document.customer) clear(['customer_group'])
  } else {
    clear(['sales_tax_template', 'customer', 'customer_group'])
    if (document.supplier) clear(['supplier_group'])
  }
}

function rivals(document: Document, site: SiteContext): Document[] {
  return site
    .getAll('Tax Rule', { filters: [['name', '!=', document.name]], order_by: 'name asc' })
    .map(({ name }) => site.getDoc('Tax Rule', String(name)))
    .filter((rule) => ASKED.every((field) => textOf(rule, field) === textOf(document, field)))
}

/** As ERPNext asks it: a rule without dates meets only one without dates. */
function overlaps(rule: Document, from: string, to: string): boolean {
  const [otherFrom, otherTo] = [textOf(rule, 'from_date'), textOf(rule, 'to_date')]
  if (from && to) {
    const meets = (date: string, start: string, end: string) => start < date && date < end
    return (
      (otherFrom !== '' && meets(otherFrom, from, to)) ||
      (otherTo !== '' && meets(otherTo, from, to)) ||
      (otherFrom !== '' && meets(from, otherFrom, otherTo)) ||
      (from === otherFrom && to === otherTo)
    )
  }
  if (from) return otherTo > from
  if (to) return otherFrom !== '' && otherFrom < to
  return true
}
