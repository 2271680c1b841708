import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { amountInWords } from '../../amount-in-words.ts'
import { pythonFloat } from '../../format.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import { companyCurrency } from '../transaction/currency.ts'
import { setPaymentAccounts } from './payment-accounts.ts'
import { setPaymentAmounts } from './payment-amounts.ts'
import { checkPayment } from './payment-checks.ts'
import { paymentLines } from './payment-lines.ts'
import { setReferences } from './payment-references.ts'
import { updateAdvances } from './advances.ts'

export const paymentEntry: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site) {
    setPaymentAccounts(document, site)
    setReferences(document, site)
    setPaymentAmounts(document)
    checkPayment(document, site)
    setTexts(document, site)
    document.status = ['Draft', 'Submitted', 'Cancelled'][document.docstatus] ?? 'Draft'
  },
  onSubmit(document, site) {
    postLedger(document, paymentLines(document), site)
    refreshOutstanding(document, site)
    updateAdvances(document, site)
  },
  onCancel(document, site) {
    reverseLedger(document, site)
    updateAdvances(document, site)
    site.dbSet('Payment Entry', document.name, { status: 'Cancelled' }, false)
  },
}

/** A submitted payment shows what is left to pay on each invoice after it. */
function refreshOutstanding(document: Document, site: SiteContext): void {
  for (const row of rowsOf(document, 'references')) {
    const doctype = textOf(row, 'reference_doctype')
    if (!doctype.endsWith('Invoice')) continue
    const left = site.getValue(doctype, textOf(row, 'reference_name'), 'outstanding_amount')
    site.dbSet(row.doctype, row.name, { outstanding_amount: left }, false)
  }
}

function setTexts(document: Document, site: SiteContext): void {
  const isTransfer = document.payment_type === 'Internal Transfer'
  const [from, to] = [textOf(document, 'paid_from'), textOf(document, 'paid_to')]
  document.title = isTransfer ? `${from} - ${to}` : textOf(document, 'party')
  const isIn = document.payment_type === 'Receive'
  const base = numberOf(document, isIn ? 'base_received_amount' : 'base_paid_amount')
  const currency = textOf(
    document,
    isIn ? 'paid_to_account_currency' : 'paid_from_account_currency',
  )
  document.base_in_words = amountInWords(base, companyCurrency(document, site))
  document.in_words = amountInWords(
    numberOf(document, isIn ? 'received_amount' : 'paid_amount'),
    currency,
  )
  if (document.custom_remarks !== 1) document.remarks = remarksOf(document)
}

function remarksOf(document: Document): string {
  const isIn = document.payment_type === 'Receive'
  const currency = textOf(
    document,
    isIn ? 'paid_from_account_currency' : 'paid_to_account_currency',
  )
  const paid = numberOf(document, isIn ? 'paid_amount' : 'received_amount')
  const lines = [
    document.payment_type === 'Internal Transfer'
      ? `Amount ${currency} ${paid} transferred from ${textOf(document, 'paid_from')} to ${textOf(document, 'paid_to')}`
      : `Amount ${currency} ${pythonFloat(paid)} ${isIn ? 'received from' : 'to'} ${textOf(document, 'party')}`,
  ]
  if (document.reference_no) {
    lines.push(
      `Transaction reference no ${textOf(document, 'reference_no')} dated ${textOf(document, 'reference_date')}`,
    )
  }
  for (const row of rowsOf(document, 'references')) {
    if (!numberOf(row, 'allocated_amount')) continue
    lines.push(
      `Amount ${currency} ${pythonFloat(numberOf(row, 'allocated_amount'))} against ${textOf(row, 'reference_doctype')} ${textOf(row, 'reference_name')}`,
    )
  }
  return lines.join('\n')
}
