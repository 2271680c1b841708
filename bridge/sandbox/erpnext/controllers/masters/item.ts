import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { appendRow } from '../../child-rows.ts'
import { fillEmpty, numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

export const item: Controller = {
  autoname(document) {
    const code = textOf(document, 'item_code').trim()
    if (!code) refuse('Item Code is mandatory because Item is not automatically numbered')
    document.item_code = code
    return code
  },
  validate(document, site, before) {
    fillEmpty(document, 'item_name', document.item_code)
    fillEmpty(document, 'description', document.item_name)
    checkUnits(document, before, site)
    checkStockChange(document, before, site)
    checkTaxes(document)
  },
  afterInsert(document, site) {
    addStandardPrice(document, site)
  },
  onTrash(document, site) {
    site.dbDelete('Bin', { item_code: document.name })
    site.dbDelete('Item Price', { item_code: document.name })
  },
}

function checkUnits(document: Document, before: Document | null, site: SiteContext): void {
  const unit = textOf(document, 'stock_uom')
  if (unit && !rowsOf(document, 'uoms').some((row) => row.uom === unit)) {
    appendRow(document, 'uoms', { uom: unit, conversion_factor: 1 }, site)
  }
  if (before && before.stock_uom !== unit && hasLedger(document.name, site)) {
    refuse(
      `Default Unit of Measure for Item ${document.name} cannot be changed directly because you have already made some transaction(s) with another UOM. You can either cancel the linked documents or create a new Item.`,
    )
  }
}

function checkTaxes(document: Document): void {
  const seen = new Set<string>()
  for (const row of rowsOf(document, 'taxes')) {
    const category = textOf(row, 'tax_category')
    const key = `${textOf(row, 'item_tax_template')}\n${category}`
    const forCategory = category ? `for tax category ${category}` : ''
    if (seen.has(key)) {
      const name = `<strong>${textOf(row, 'item_tax_template')}</strong>`
      refuse(`${name} entered twice ${forCategory} in Item Taxes`)
    }
    seen.add(key)
  }
}

function checkStockChange(document: Document, before: Document | null, site: SiteContext): void {
  if (!before || before.is_stock_item === document.is_stock_item) return
  if (!hasLedger(document.name, site)) return
  refuse(
    `As there are existing submitted transactions against item ${document.name}, you can not change the value of Maintain Stock.`,
    'CannotChangeConstantError',
  )
}

function hasLedger(code: string, site: SiteContext): boolean {
  const query = { filters: { item_code: code, is_cancelled: 0 }, limit_page_length: 1 }
  return site.getAll('Stock Ledger Entry', query).length > 0
}

/** A standard rate given with the item becomes its price in the standard selling list. */
function addStandardPrice(document: Document, site: SiteContext): void {
  const rate = numberOf(document, 'standard_rate')
  const list = textOf(site.getSingle('Selling Settings'), 'selling_price_list')
  if (!rate || !list || !site.exists('Price List', list)) return
  const price = { item_code: document.name, price_list: list, price_list_rate: rate }
  site.insert({ doctype: 'Item Price', ...price }, { ignorePermissions: true })
}
