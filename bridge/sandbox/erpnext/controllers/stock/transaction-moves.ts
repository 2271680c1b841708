import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import type { StockMove } from './stock-move.ts'

/** Stock going out with a delivery, or coming back with its return. */
export function outgoingMoves(document: Document, site: SiteContext): StockMove[] {
  return stockRows(document, site).map((row) => ({
    ...moveOf(row),
    quantity: -stockQuantity(row),
    incomingRate: document.is_return === 1 ? numberOf(row, 'incoming_rate') || null : null,
  }))
}

/** Stock coming in with a receipt, at what it cost. */
export function incomingMoves(document: Document, site: SiteContext): StockMove[] {
  return stockRows(document, site).map((row) => ({
    ...moveOf(row),
    quantity: stockQuantity(row),
    incomingRate: numberOf(row, 'valuation_rate'),
  }))
}

/** Each row that is kept in stock needs a warehouse. */
export function checkWarehouses(document: Document, site: SiteContext): void {
  for (const row of stockRows(document, site)) {
    if (row.warehouse) continue
    refuse(`Warehouse required for stock Item ${textOf(row, 'item_code')}`)
  }
}

/** What a unit of stock cost: the net amount over the quantity in stock units. */
export function setValuationRates(document: Document): void {
  for (const row of rowsOf(document, 'items')) {
    const quantity = stockQuantity(row)
    if (!quantity) continue
    const cost = numberOf(row, 'base_net_amount') + numberOf(row, 'item_tax_amount')
    row.valuation_rate = cost / quantity
  }
}

function stockRows(document: Document, site: SiteContext): Document[] {
  return rowsOf(document, 'items').filter(
    (row) =>
      row.item_code && site.getValue('Item', textOf(row, 'item_code'), 'is_stock_item') === 1,
  )
}

function moveOf(row: Document) {
  return {
    itemCode: textOf(row, 'item_code'),
    warehouse: textOf(row, 'warehouse'),
    detail: row.name,
  }
}

function stockQuantity(row: Document): number {
  return numberOf(row, 'qty') * (numberOf(row, 'conversion_factor') || 1)
}
