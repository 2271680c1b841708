import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

export const itemPrice: Controller = {
  validate(document, site) {
    fillFromList(document, site)
    fillFromItem(document, site)
    checkDates(document)
    checkDuplicate(document, site)
  },
}

function fillFromList(document: Document, site: SiteContext): void {
  const list = textOf(document, 'price_list')
  if (!list || !site.exists('Price List', list)) return
  const holder = site.getDoc('Price List', list)
  if (holder.enabled !== 1) refuse(`The price list ${list} does not exist or is disabled`)
  document.buying = holder.buying
  document.selling = holder.selling
  document.currency = holder.currency
  if (document.selling !== 1) document.customer = null
  if (document.buying !== 1) document.supplier = null
}

function fillFromItem(document: Document, site: SiteContext): void {
  const code = textOf(document, 'item_code')
  if (!site.exists('Item', code)) refuse(`Item ${code} not found.`)
  const item = site.getDoc('Item', code)
  document.item_name = item.item_name
  document.item_description = item.description
  document.brand = item.brand
  fillEmpty(document, 'uom', item.stock_uom)
  fillEmpty(document, 'valid_from', site.today())
}

function checkDates(document: Document): void {
  const until = textOf(document, 'valid_upto')
  if (until && until < textOf(document, 'valid_from')) {
    refuse('Valid From Date must be lesser than Valid Up To Date.')
  }
}

/** One price an item, list, unit, party and day. */
function checkDuplicate(document: Document, site: SiteContext): void {
  const same = ['price_list', 'uom', 'customer', 'supplier', 'valid_from', 'valid_upto']
  const others = site.getAll('Item Price', {
    filters: { item_code: document.item_code, price_list: document.price_list },
    fields: ['name', ...same],
  })
  const twin = others.find(
    (other) =>
      other.name !== document.name &&
      same.every((field) => textOf(other, field) === textOf(document, field)),
  )
  if (!twin) return
  refuse(
    'Item Price appears multiple times based on Price List, Supplier/Customer, Currency, Item, Batch, UOM, Qty, and Dates.',
    'ItemPriceDuplicateItem',
  )
}
