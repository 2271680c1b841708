import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { groupsAbove } from './groups-above.ts'
import { dateOf, kindOf, partyOf, partyTypeOf } from './kinds.ts'

/** What pricing rules ask of one row and its document. */
export interface PricingFacts {
  side: 'selling' | 'buying'
  item: Document
  itemGroups: string[]
  uom: string
  stockQuantity: number
  amount: number
  currency: string
  priceList: string
  date: string
  /** By field of the rule: the values it may have besides being empty. */
  allowed: Record<string, string[]>
}

export function pricingFacts(
  document: Document,
  row: Document,
  item: Document,
  site: SiteContext,
): PricingFacts {
  const kind = kindOf(document)
  return {
    side: kind.side,
    item,
    itemGroups: groupsAbove('Item Group', textOf(item, 'item_group'), site),
    uom: textOf(row, 'uom'),
    stockQuantity: numberOf(row, 'stock_qty'),
    amount: numberOf(row, 'price_list_rate') * numberOf(row, 'qty'),
    currency: textOf(document, 'currency'),
    priceList: textOf(document, kind.priceListField),
    date: dateOf(document),
    allowed: {
      company: [textOf(document, 'company')],
      warehouse: groupsAbove('Warehouse', textOf(row, 'warehouse'), site),
      ...partyFacts(document, site),
    },
  }
}

function partyFacts(document: Document, site: SiteContext): Record<string, string[]> {
  const type = partyTypeOf(document)
  const party = partyOf(document)
  const isCustomer = type === 'Customer'
  const isSupplier = type === 'Supplier'
  const groups = (doctype: string, field: string) => {
    if (!party || !site.exists(type, party)) return []
    const name = textOf({ name: site.getValue(type, party, field) }, 'name')
    return groupsAbove(doctype, name, site)
  }
  return {
    customer: isCustomer ? [party] : [],
    customer_group: isCustomer ? groups('Customer Group', 'customer_group') : [],
    territory: isCustomer ? groups('Territory', 'territory') : [],
    supplier: isSupplier ? [party] : [],
    supplier_group: isSupplier ? groups('Supplier Group', 'supplier_group') : [],
  }
}
