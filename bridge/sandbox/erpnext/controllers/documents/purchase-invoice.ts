import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { purchaseInvoiceLines } from '../ledger/invoice-lines.ts'
import { invoiceStatus } from '../ledger/invoice-status.ts'
import { checkAccountCurrency } from '../ledger/party-account.ts'
import { PAYING, unlinkPayments } from '../payments/unlink-payments.ts'
import { updateProgress } from '../progress/update-progress.ts'
import { isPerpetual, warehouseAccount } from '../stock/stock-lines.ts'
import { postStock, reverseStock } from '../stock/stock-ledger.ts'
import { checkWarehouses, incomingMoves, setValuationRates } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'
import { notBilledAccount } from './purchase-receipt.ts'
import { checkReturn, checkReturnedAmount } from './returns.ts'

export const purchaseInvoice: Controller = {
  ignoreLinkedDoctypes: [...OWN_LEDGERS, ...PAYING],
  validate(document, site, before) {
    checkReturn(document, site)
    prepareTransaction(document, site, before)
    checkReturnedAmount(document, site)
    checkBillNumber(document, site)
    checkAccountCurrency(document, textOf(document, 'credit_to'), site)
    if (document.update_stock === 1) {
      checkWarehouses(document, site)
      setValuationRates(document)
    }
    setExpenseAccounts(document, site)
    if (!document.remarks) document.remarks = remarksOf(document)
    if (!before) document.status = 'Draft'
    else if (document.docstatus === 0) document.status = invoiceStatus(document, site)
  },
  onSubmit(document, site) {
    updateProgress(document, site)
    if (document.update_stock === 1) postStock(document, incomingMoves(document, site), site)
    postLedger(document, purchaseInvoiceLines(document, site), site)
  },
  onCancel(document, site) {
    unlinkPayments(document, site)
    updateProgress(document, site)
    if (document.update_stock === 1) reverseStock(document, site)
    reverseLedger(document, site)
    const values = { status: 'Cancelled' }
    site.dbSet('Purchase Invoice', document.name, values, false)
  },
}

/** Stock items are booked against what was received and not billed, or straight into stock. */
function setExpenseAccounts(document: Document, site: SiteContext): void {
  const perpetual = isPerpetual(document, site)
  for (const row of rowsOf(document, 'items')) {
    const code = textOf(row, 'item_code')
    const isStock = code && site.getValue('Item', code, 'is_stock_item') === 1
    if (!perpetual || !isStock) continue
    row.expense_account =
      document.update_stock === 1
        ? warehouseAccount(textOf(row, 'warehouse'), document, site)
        : notBilledAccount(document, site)
  }
  const accounts = new Set(rowsOf(document, 'items').map((row) => textOf(row, 'expense_account')))
  accounts.delete('')
  document.against_expense_account = [...accounts].join(',')
}

/** The same supplier invoice is not entered twice in a fiscal year when the settings forbid it. */
function checkBillNumber(document: Document, site: SiteContext): void {
  const number = textOf(document, 'bill_no')
  const date = textOf(document, 'bill_date')
  if (date && date > textOf(document, 'posting_date')) {
    refuse('Supplier Invoice Date cannot be greater than Posting Date')
  }
  if (!number || site.getSingle('Accounts Settings').check_supplier_invoice_uniqueness !== 1) return
  const [same] = site.getAll('Purchase Invoice', {
    filters: [
      ['bill_no', '=', number],
      ['supplier', '=', textOf(document, 'supplier')],
      ['name', '!=', document.name],
      ['docstatus', '<', 2],
    ],
    limit_page_length: 1,
  })
  if (same) refuse(`Supplier Invoice No exists in Purchase Invoice ${textOf(same, 'name')}`)
}

function remarksOf(document: Document): string {
  const number = textOf(document, 'bill_no')
  if (!number) return 'No Remarks'
  const date = textOf(document, 'bill_date')
  const dated = date ? ` dated ${date.slice(5, 7)}-${date.slice(8)}-${date.slice(0, 4)}` : ''
  return numberOf(document, 'is_return')
    ? `Against Supplier Invoice ${number}`
    : `Against Supplier Invoice ${number}${dated}`
}
