import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { orderStatus } from '../progress/order-status.ts'
import { updateProgress } from '../progress/update-progress.ts'
import { addToBin } from '../stock/bin.ts'
import { checkWarehouses } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'

export const purchaseOrder: Controller = {
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    setRequiredDates(document)
    checkWarehouses(document, site)
    if (!before) {
      Object.assign(document, { per_received: 0, per_billed: 0, advance_paid: 0, status: 'Draft' })
    }
    document.status = orderStatus(document)
  },
  onSubmit(document, site) {
    updateProgress(document, site)
    setLastPurchaseRates(document, site)
    order(document, 1, site)
  },
  onCancel(document, site) {
    updateProgress(document, site)
    order(document, -1, site)
    site.dbSet('Purchase Order', document.name, { status: 'Cancelled' }, false)
  },
}

/** The order is required by the earliest of its rows. */
export function setRequiredDates(document: Document): void {
  const rows = rowsOf(document, 'items')
  const earliest = rows
    .map((row) => textOf(row, 'schedule_date'))
    .filter(Boolean)
    .sort()[0]
  if (earliest) document.schedule_date = earliest
  for (const row of rows) {
    fillEmpty(row, 'schedule_date', document.schedule_date)
    if (!row.schedule_date) refuse('Please enter Reqd by Date')
    if (textOf(row, 'schedule_date') < textOf(document, 'transaction_date')) {
      refuse(`Row #${row.idx}: Reqd by Date cannot be before Transaction Date`)
    }
  }
}

function setLastPurchaseRates(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const rate = numberOf(row, 'base_net_rate') / (numberOf(row, 'conversion_factor') || 1)
    const code = textOf(row, 'item_code')
    if (code) site.dbSet('Item', code, { last_purchase_rate: rate }, false)
  }
}

/** Stock that is on its way. */
function order(document: Document, sign: 1 | -1, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    if (!row.warehouse || site.getValue('Item', code, 'is_stock_item') !== 1) continue
    addToBin(code, textOf(row, 'warehouse'), 'ordered_qty', sign * numberOf(row, 'stock_qty'), site)
  }
}
