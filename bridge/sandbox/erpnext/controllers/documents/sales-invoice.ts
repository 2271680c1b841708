import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { salesInvoiceLines } from '../ledger/invoice-lines.ts'
import { checkAccountCurrency } from '../ledger/party-account.ts'
import { invoiceStatus } from '../ledger/invoice-status.ts'
import { PAYING, unlinkPayments } from '../payments/unlink-payments.ts'
import { updateProgress } from '../progress/update-progress.ts'
import { stockLines } from '../stock/stock-lines.ts'
import { postStock, reverseStock } from '../stock/stock-ledger.ts'
import { checkWarehouses, outgoingMoves } from '../stock/transaction-moves.ts'
import { prepareTransaction } from '../transaction/prepare.ts'
import { expenseOf } from './delivery-note.ts'
import { checkCreditLimit } from './credit-limit.ts'
import { checkReturn, checkReturnedAmount } from './returns.ts'

export const salesInvoice: Controller = {
  ignoreLinkedDoctypes: [...OWN_LEDGERS, ...PAYING],
  validate(document, site, before) {
    checkReturn(document, site)
    prepareTransaction(document, site, before)
    checkReturnedAmount(document, site)
    checkDebitTo(document, site)
    checkAccountCurrency(document, textOf(document, 'debit_to'), site)
    if (document.update_stock === 1) checkWarehouses(document, site)
    setAgainstAccount(document)
    setRemarks(document, 'po_no')
    if (!before) document.status = 'Draft'
    else if (document.docstatus === 0) document.status = invoiceStatus(document, site)
  },
  onSubmit(document, site) {
    checkCreditLimit(document, site)
    updateProgress(document, site)
    const movesStock = document.update_stock === 1
    if (movesStock) postStock(document, outgoingMoves(document, site), site)
    const contra = (row: Document) => expenseOf(row, document, site)
    const goods = movesStock ? stockLines(document, contra, site) : []
    postLedger(document, [...salesInvoiceLines(document, site), ...goods], site)
    settle(document, site)
  },
  onCancel(document, site) {
    unlinkPayments(document, site)
    updateProgress(document, site)
    if (document.update_stock === 1) reverseStock(document, site)
    reverseLedger(document, site)
    site.dbSet('Sales Invoice', document.name, { status: 'Cancelled' }, false)
  },
}

/** An invoice that books nothing is settled at once. */
function settle(document: Document, site: SiteContext): void {
  if (numberOf(document, 'grand_total') !== 0 && document.is_return !== 1) return
  const stored = site.getDoc(document.doctype, document.name)
  site.dbSet(document.doctype, document.name, { status: invoiceStatus(stored, site) }, false)
}

function checkDebitTo(document: Document, site: SiteContext): void {
  const account = textOf(document, 'debit_to')
  if (!account || !site.exists('Account', account)) return
  if (site.getValue('Account', account, 'account_type') !== 'Receivable') {
    refuse(
      `Please ensure that the ${account} account is a Receivable account. You can change the account type to Receivable or select a different account.`,
      'ValidationError',
      'Invalid Account',
    )
  }
}

function setAgainstAccount(document: Document): void {
  const accounts = new Set(rowsOf(document, 'items').map((row) => textOf(row, 'income_account')))
  accounts.delete('')
  document.against_income_account = [...accounts].join(',')
}

export function setRemarks(document: Document, numberField: string): void {
  if (document.remarks) return
  const number = textOf(document, numberField)
  document.remarks = number ? `Against Customer Order ${number}` : 'No Remarks'
}
