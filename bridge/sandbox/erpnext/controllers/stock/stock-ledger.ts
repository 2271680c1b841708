import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { fiscalYearOf } from '../transaction/checks.ts'
import { revalue } from './revaluation.ts'
import type { StockMove } from './stock-move.ts'

/** Writes the Stock Ledger Entries of a voucher and values them. */
export function postStock(document: Document, moves: StockMove[], site: SiteContext): void {
  const year = fiscalYearOf(textOf(document, 'posting_date'), site)
  for (const move of moves) {
    const entry = site.dbInsert(entryOf(document, move, year, site))
    revalue(move.itemCode, move.warehouse, entry, site)
  }
}

/** Takes a voucher's entries back: mirror images are written, and what came after is revalued. */
export function reverseStock(document: Document, site: SiteContext): void {
  const entries = site.getAll('Stock Ledger Entry', {
    filters: { voucher_type: document.doctype, voucher_no: document.name, is_cancelled: 0 },
    fields: ['*'],
  })
  for (const entry of entries) {
    site.dbSet('Stock Ledger Entry', textOf(entry, 'name'), { is_cancelled: 1 })
    const { name: _name, ...values } = entry
    const mirror = site.dbInsert({
      ...values,
      doctype: 'Stock Ledger Entry',
      actual_qty: -numberOf(entry, 'actual_qty'),
      stock_value_difference: -numberOf(entry, 'stock_value_difference'),
      is_cancelled: 1,
    })
    revalue(textOf(entry, 'item_code'), textOf(entry, 'warehouse'), mirror, site)
  }
}

function entryOf(document: Document, move: StockMove, year: string, site: SiteContext) {
  const date = textOf(document, 'posting_date')
  const time = textOf(document, 'posting_time') || '00:00:00'
  return {
    doctype: 'Stock Ledger Entry',
    item_code: move.itemCode,
    warehouse: move.warehouse,
    posting_date: date,
    posting_time: time,
    posting_datetime: `${date} ${time}`,
    voucher_type: document.doctype,
    voucher_no: document.name,
    voucher_detail_no: move.detail,
    actual_qty: move.quantity,
    incoming_rate: move.incomingRate ?? 0,
    qty_after_transaction: move.counted?.quantity ?? 0,
    valuation_rate: move.counted?.rate ?? 0,
    company: document.company,
    stock_uom: site.getValue('Item', move.itemCode, 'stock_uom'),
    project: document.project ?? null,
    fiscal_year: year,
    is_cancelled: 0,
    docstatus: 1,
  }
}
