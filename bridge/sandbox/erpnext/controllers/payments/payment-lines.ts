import type { Document } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import type { LedgerLine } from '../ledger/ledger-line.ts'

/** What a payment books: the party's account, invoice by invoice, against the bank's. */
export function paymentLines(document: Document): LedgerLine[] {
  const costCenter = textOf(document, 'cost_center') || null
  const lines = [...partyLines(document, costCenter), ...bankLines(document, costCenter)]
  for (const row of rowsOf(document, 'deductions')) {
    lines.push({
      account: textOf(row, 'account'),
      debit: numberOf(row, 'amount'),
      credit: 0,
      against: textOf(document, 'party'),
      costCenter: textOf(row, 'cost_center') || costCenter,
    })
  }
  return lines
}

function partyLines(document: Document, costCenter: string | null): LedgerLine[] {
  if (document.payment_type === 'Internal Transfer') return []
  const isIn = document.payment_type === 'Receive'
  const rate = numberOf(document, isIn ? 'source_exchange_rate' : 'target_exchange_rate') || 1
  const line = (amount: number, base: number, type?: string, name?: string): LedgerLine => ({
    account: textOf(document, isIn ? 'paid_from' : 'paid_to'),
    accountCurrency: textOf(
      document,
      isIn ? 'paid_from_account_currency' : 'paid_to_account_currency',
    ),
    partyType: textOf(document, 'party_type'),
    party: textOf(document, 'party'),
    against: textOf(document, isIn ? 'paid_to' : 'paid_from'),
    debit: isIn ? 0 : base,
    credit: isIn ? base : 0,
    debitInAccountCurrency: isIn ? 0 : amount,
    creditInAccountCurrency: isIn ? amount : 0,
    againstVoucherType: type ?? '',
    againstVoucher: name ?? '',
    costCenter,
  })
  const lines = rowsOf(document, 'references')
    .filter((row) => numberOf(row, 'allocated_amount'))
    .map((row) => {
      const allocated = numberOf(row, 'allocated_amount')
      const base = roundTo(allocated * (numberOf(row, 'exchange_rate') || rate))
      const isInvoice = textOf(row, 'reference_doctype').endsWith('Invoice')
      return isInvoice
        ? line(allocated, base, textOf(row, 'reference_doctype'), textOf(row, 'reference_name'))
        : line(allocated, base, 'Payment Entry', document.name)
    })
  const rest = numberOf(document, 'unallocated_amount')
  if (rest) lines.push(line(rest, roundTo(rest * rate)))
  return lines
}

function bankLines(document: Document, costCenter: string | null): LedgerLine[] {
  const isTransfer = document.payment_type === 'Internal Transfer'
  const party = textOf(document, 'party')
  const lines: LedgerLine[] = []
  if (document.payment_type !== 'Receive') {
    lines.push({
      account: textOf(document, 'paid_from'),
      accountCurrency: textOf(document, 'paid_from_account_currency'),
      against: isTransfer ? textOf(document, 'paid_to') : party,
      debit: 0,
      credit: numberOf(document, 'base_paid_amount'),
      debitInAccountCurrency: 0,
      creditInAccountCurrency: numberOf(document, 'paid_amount'),
      costCenter,
    })
  }
  if (document.payment_type !== 'Pay') {
    lines.push({
      account: textOf(document, 'paid_to'),
      accountCurrency: textOf(document, 'paid_to_account_currency'),
      against: isTransfer ? textOf(document, 'paid_from') : party,
      debit: numberOf(document, 'base_received_amount'),
      credit: 0,
      debitInAccountCurrency: numberOf(document, 'received_amount'),
      creditInAccountCurrency: 0,
      costCenter,
    })
  }
  return lines
}
