import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { orderStatus } from '../progress/order-status.ts'
import { updateProgress } from '../progress/update-progress.ts'
import { addToBin } from '../stock/bin.ts'
import { stockLines } from '../stock/stock-lines.ts'
import { postStock, reverseStock } from '../stock/stock-ledger.ts'
import { checkWarehouses, outgoingMoves } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'

export const deliveryNote: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site, before) {
    prepareTransaction(document, site, before)
    checkWarehouses(document, site)
    if (!before) {
      document.per_billed = 0
      document.per_returned = 0
      document.status = 'Draft'
    }
    document.status = orderStatus(document)
  },
  onSubmit(document, site) {
    updateProgress(document, site)
    release(document, -1, site)
    postStock(document, outgoingMoves(document, site), site)
    postLedger(
      document,
      stockLines(document, (row) => expenseOf(row, document, site), site),
      site,
    )
  },
  onCancel(document, site) {
    updateProgress(document, site)
    release(document, 1, site)
    reverseStock(document, site)
    reverseLedger(document, site)
    site.dbSet('Delivery Note', document.name, { status: 'Cancelled' }, false)
  },
}

/** Delivering what was ordered ends its reservation. */
function release(document: Document, sign: 1 | -1, site: SiteContext): void {
  for (const row of rowsOf(document, 'items')) {
    const order = textOf(row, 'against_sales_order')
    if (!order || !row.warehouse) continue
    const quantity = sign * numberOf(row, 'stock_qty')
    addToBin(textOf(row, 'item_code'), textOf(row, 'warehouse'), 'reserved_qty', quantity, site)
  }
}

/** The cost of goods sold. */
export function expenseOf(row: Document, document: Document, site: SiteContext): string {
  const company = textOf(document, 'company')
  const fallback = site.getValue('Company', company, 'default_expense_account')
  return textOf(row, 'expense_account') || `${fallback ?? ''}`
}
