import type { Document, SiteContext, Value } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { findItemPrice } from './item-price.ts'
import { itemDefaults } from './item-defaults.ts'
import { itemTaxRates } from './item-tax.ts'
import { checkItemTaxTemplate, itemTaxTemplate } from './item-tax-template.ts'
import { dateOf, kindOf, partyOf, type TransactionKind } from './kinds.ts'

/** These follow the item whatever the row says. */
const FORCED = ['item_group', 'brand', 'stock_uom']

/** Numbers that count as missing when 0: a column that nobody gave a value holds 0. */
const FILLED_WHEN_ZERO = ['conversion_factor']

/** Fills each row from its item: names, units, accounts, warehouse, price; what is set stays. */
export function setItemDetails(
  document: Document,
  site: SiteContext,
  before: Document | null,
): void {
  const stored = new Set(rowsOf(before ?? document, 'items').map((row) => row.name))
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (!code) continue
    const item = itemOf(site, code, row)
    const fields = new Set(site.meta(row.doctype).fields.map((field) => field.fieldname))
    for (const [field, value] of Object.entries(detailsOf(document, row, item, site))) {
      if (!fields.has(field) || value === null || value === undefined || value === '') continue
      const isNew = !before || !stored.has(row.name)
      if (FORCED.includes(field) || isUnset(row, field, isNew)) row[field] = value
    }
    checkItemTaxTemplate(document, row, item, site)
    row.item_tax_rate = itemTaxRates(textOf(row, 'item_tax_template'), site)
    row.stock_qty = numberOf(row, 'qty') * (numberOf(row, 'conversion_factor') || 1)
  }
}

function isUnset(row: Document, field: string, isNew: boolean): boolean {
  const value = row[field]
  if (value === undefined || value === null) return true
  if (field === 'cost_center') return value === ''
  return value === 0 && (isNew || FILLED_WHEN_ZERO.includes(field))
}

function itemOf(site: SiteContext, code: string, row: Document): Document {
  if (!site.exists('Item', code)) refuse(`Item ${code} not found`, 'DoesNotExistError')
  const item = site.getDoc('Item', code)
  if (item.has_variants === 1) {
    refuse(`Item ${code} is a template, please select one of its variants`)
  }
  const endOfLife = textOf(item, 'end_of_life')
  if (item.disabled === 1) refuse(`Item ${code} is disabled`)
  if (endOfLife && endOfLife <= site.today()) {
    refuse(`Item ${code} has reached its end of life on ${endOfLife}`)
  }
  row.item_code = item.name
  return item
}

function detailsOf(
  document: Document,
  row: Document,
  item: Document,
  site: SiteContext,
): Record<string, Value | undefined> {
  const kind = kindOf(document)
  const uom = textOf(row, 'uom') || textOf(item, `${salesOrPurchase(kind)}_uom`)
  const usedUom = uom || textOf(item, 'stock_uom')
  const factor = numberOf(row, 'conversion_factor') || conversionFactor(item, usedUom, site)
  const defaults = itemDefaults(document, item, site)
  return {
    item_name: item.item_name,
    description: item.description ?? item.item_name,
    image: item.image,
    item_group: item.item_group,
    brand: item.brand,
    stock_uom: item.stock_uom,
    uom: usedUom,
    conversion_factor: usedUom === item.stock_uom ? 1 : factor,
    item_tax_template: itemTaxTemplate(document, item, site),
    last_purchase_rate: item.last_purchase_rate,
    ...defaults,
    ...stockDetails(document, row, item, defaults.warehouse, site),
    price_list_rate: priceOf(document, row, item, usedUom, factor, site),
  }
}

function salesOrPurchase(kind: TransactionKind): 'sales' | 'purchase' {
  return kind.side === 'selling' ? 'sales' : 'purchase'
}

/** Units of stock in one `uom`: the item's own table first. */
export function conversionFactor(item: Document, uom: string, site: SiteContext): number {
  if (uom === item.stock_uom) return 1
  const own = rowsOf(item, 'uoms').find((row) => row.uom === uom)
  if (own) return numberOf(own, 'conversion_factor')
  if (!site.exists('UOM', uom)) refuse(`Could not find UOM: ${uom}`, 'LinkValidationError')
  return 1
}

function stockDetails(
  document: Document,
  row: Document,
  item: Document,
  usual: string | null,
  site: SiteContext,
) {
  if (item.is_stock_item !== 1) return {}
  const warehouse = textOf(row, 'warehouse') || (usual ?? '')
  const [bin] = site.getAll('Bin', {
    filters: { item_code: item.name, warehouse },
    fields: ['actual_qty', 'projected_qty', 'valuation_rate'],
    limit_page_length: 1,
  })
  if (!bin) return { actual_qty: 0, projected_qty: 0 }
  const early = ['Sales Order', 'Quotation'].includes(document.doctype)
  return {
    actual_qty: numberOf(bin, 'actual_qty'),
    projected_qty: numberOf(bin, 'projected_qty'),
    valuation_rate: early ? numberOf(bin, 'valuation_rate') : null,
  }
}

function priceOf(
  document: Document,
  row: Document,
  item: Document,
  uom: string,
  factor: number,
  site: SiteContext,
): number | null {
  const kind = kindOf(document)
  const priceList = textOf(document, kind.priceListField)
  const price = !priceList
    ? null
    : findItemPrice(site, {
        itemCode: item.name,
        priceList,
        uom,
        stockUom: textOf(item, 'stock_uom'),
        conversionFactor: factor,
        party: {
          field: kind.side === 'selling' ? 'customer' : 'supplier',
          name: partyOf(document),
        },
        date: dateOf(document),
        quantity: numberOf(row, 'qty') || 1,
      })
  if (price === null) return 0
  const toCompany = numberOf(document, 'plc_conversion_rate') || 1
  return (price * toCompany) / (numberOf(document, 'conversion_rate') || 1)
}
