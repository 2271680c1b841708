import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { orderStatus } from '../progress/order-status.ts'
import { addToBin } from '../stock/bin.ts'
import { checkWarehouses } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'

export const salesOrder: Controller = {
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    setDeliveryDates(document)
    checkWarehouses(document, site)
    checkQuotations(document, site)
    if (!before) resetProgress(document)
    document.status = orderStatus(document)
  },
  onSubmit(document, site) {
    reserve(document, 1, site)
    updateQuotations(document, site)
  },
  onCancel(document, site) {
    reserve(document, -1, site)
    updateQuotations(document, site)
    site.dbSet('Sales Order', document.name, { status: 'Cancelled' }, false)
  },
}

function resetProgress(document: Document): void {
  for (const field of ['per_delivered', 'per_billed', 'per_picked', 'advance_paid']) {
    document[field] = 0
  }
  document.delivery_status = 'Not Delivered'
  document.billing_status = 'Not Billed'
  document.status = 'Draft'
}

/** The order's date is the latest of its rows; rows without one take the order's. */
function setDeliveryDates(document: Document): void {
  if (document.order_type !== 'Sales' || document.skip_delivery_note === 1) return
  const rows = rowsOf(document, 'items')
  const latest = rows
    .map((row) => textOf(row, 'delivery_date'))
    .sort()
    .at(-1)
  if (latest) document.delivery_date = latest
  if (!document.delivery_date) refuse('Please enter Delivery Date')
  for (const row of rows) {
    fillEmpty(row, 'delivery_date', document.delivery_date)
    if (textOf(row, 'delivery_date') < textOf(document, 'transaction_date')) {
      refuse(
        'Expected Delivery Date should be after Sales Order Date',
        'ValidationError',
        'Invalid Delivery Date',
      )
    }
  }
}

function checkQuotations(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const name = textOf(row, 'prevdoc_docname')
    if (!name || !site.exists('Quotation', name)) continue
    if (site.getValue('Quotation', name, 'docstatus') === 2)
      refuse(`Quotation ${name} is cancelled`)
  }
}

/** Stock that is promised to a customer. */
function reserve(document: Document, sign: 1 | -1, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (!row.warehouse || site.getValue('Item', code, 'is_stock_item') !== 1) continue
    addToBin(
      code,
      textOf(row, 'warehouse'),
      'reserved_qty',
      sign * numberOf(row, 'stock_qty'),
      site,
    )
  }
}

/** A quotation is ordered when every row of it is, partially while some are. */
function updateQuotations(document: Document, site: SiteContext): void {
  const names = new Set(rowsOf(document, 'items').map((row) => textOf(row, 'prevdoc_docname')))
  names.delete('')
  for (const name of names) {
    if (!site.exists('Quotation', name)) continue
    const rows = rowsOf(site.getDoc('Quotation', name), 'items')
    const ordered = rows.filter((row) => orderedQuantity(row, name, site) >= numberOf(row, 'qty'))
    const some = rows.some((row) => orderedQuantity(row, name, site) > 0)
    const status = ordered.length === rows.length ? 'Ordered' : some ? 'Partially Ordered' : 'Open'
    site.dbSet('Quotation', name, { status })
  }
}

function orderedQuantity(row: Document, quotation: string, site: SiteContext): number {
  const rows = site.getAll('Sales Order Item', {
    filters: { prevdoc_docname: quotation, item_code: row.item_code, docstatus: 1 },
    fields: ['qty'],
  })
  return rows.reduce((sum, ordered) => sum + numberOf(ordered, 'qty'), 0)
}
