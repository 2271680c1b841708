import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { orderStatus } from '../progress/order-status.ts'
import { updateProgress } from '../progress/update-progress.ts'
import { addToBin } from '../stock/bin.ts'
import { stockLines } from '../stock/stock-lines.ts'
import { postStock, reverseStock } from '../stock/stock-ledger.ts'
import { checkWarehouses, incomingMoves, setValuationRates } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'

export const purchaseReceipt: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    setQuantities(document)
    setValuationRates(document)
    checkWarehouses(document, site)
    if (!before) Object.assign(document, { per_billed: 0, per_returned: 0, status: 'Draft' })
    document.status = orderStatus(document)
  },
  beforeSubmit(document) {
    for (const row of rowsOf(document, 'items')) {
      const factor = numberOf(row, 'conversion_factor') || 1
      row.received_stock_qty = numberOf(row, 'received_qty') * factor
    }
  },
  onSubmit(document, site) {
    updateProgress(document, site)
    arrive(document, -1, site)
    postStock(document, incomingMoves(document, site), site)
    postLedger(
      document,
      stockLines(document, () => notBilledAccount(document, site), site),
      site,
    )
  },
  onCancel(document, site) {
    updateProgress(document, site)
    arrive(document, 1, site)
    reverseStock(document, site)
    reverseLedger(document, site)
    site.dbSet('Purchase Receipt', document.name, { status: 'Cancelled' }, false)
  },
}

function setQuantities(document: Document): void {
  for (const row of rowsOf(document, 'items')) {
    if (!numberOf(row, 'received_qty')) {
      row.received_qty = numberOf(row, 'qty') + numberOf(row, 'rejected_qty')
    }
  }
}

/** What arrived is no longer on its way. */
function arrive(document: Document, sign: 1 | -1, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    if (!row.purchase_order || !row.warehouse) continue
    const quantity = sign * numberOf(row, 'stock_qty')
    addToBin(textOf(row, 'item_code'), textOf(row, 'warehouse'), 'ordered_qty', quantity, site)
  }
}

export function notBilledAccount(document: Document, site: SiteContext): string {
  const company = textOf(document, 'company')
  return `${site.getValue('Company', company, 'stock_received_but_not_billed') ?? ''}`
}
