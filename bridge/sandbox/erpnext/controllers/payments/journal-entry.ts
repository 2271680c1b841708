import type { Controller, Document, SiteContext } from '../../../site/contract.ts'
import { fillEmpty, numberOf, rowsOf, sumOf, textOf } from '../../document-fields.ts'
import { amountInWords } from '../../amount-in-words.ts'
import { pythonFloat } from '../../format.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { postLedger, reverseLedger } from '../ledger/general-ledger.ts'
import { OWN_LEDGERS } from '../ledger/own-ledgers.ts'
import type { LedgerLine } from '../ledger/ledger-line.ts'
import { companyCurrency } from '../transaction/currency.ts'

export const journalEntry: Controller = {
  ignoreLinkedDoctypes: OWN_LEDGERS,
  validate(document, site) {
    fillEmpty(document, 'company', textOf(site.getSingle('Global Defaults'), 'default_company'))
    fillEmpty(document, 'posting_date', site.today())
    for (const row of rowsOf(document, 'accounts')) fillRow(row, document, site)
    for (const row of rowsOf(document, 'accounts')) checkRow(row, site)
    setAgainst(document)
    setTotals(document, site)
    checkCheque(document)
    if (document.docstatus === 1) checkBalance(document)
    document.title ||= titleOf(document)
    setRemark(document)
  },
  onSubmit: (document, site) => postLedger(document, linesOf(document), site),
  onCancel: (document, site) => reverseLedger(document, site),
}

function fillRow(row: Document, document: Document, site: SiteContext): void {
  const account = textOf(row, 'account')
  if (!account || !site.exists('Account', account)) return
  row.account_type = site.getValue('Account', account, 'account_type')
  fillEmpty(row, 'account_currency', site.getValue('Account', account, 'account_currency'))
  fillEmpty(
    row,
    'cost_center',
    site.getValue('Company', textOf(document, 'company'), 'cost_center'),
  )
  const rate = numberOf(row, 'exchange_rate') || 1
  row.exchange_rate = rate
  for (const side of ['debit', 'credit']) {
    const own = `${side}_in_account_currency`
    if (!numberOf(row, own) && numberOf(row, side)) row[own] = roundTo(numberOf(row, side) / rate)
    row[own] = roundTo(numberOf(row, own))
    row[side] = roundTo(numberOf(row, own) * rate)
  }
}

function checkRow(row: Document, site: SiteContext): void {
  const [debit, credit] = [numberOf(row, 'debit'), numberOf(row, 'credit')]
  if (!debit && !credit) refuse(`Row ${row.idx}: Both Debit and Credit values cannot be zero`)
  if (debit > 0 && credit > 0) refuse('You cannot credit and debit same account at the same time')
  const account = textOf(row, 'account')
  const type = site.exists('Account', account)
    ? `${site.getValue('Account', account, 'account_type') ?? ''}`
    : ''
  if (['Receivable', 'Payable'].includes(type) && (!row.party_type || !row.party)) {
    refuse(
      `Row ${row.idx}: Party Type and Party is required for Receivable / Payable account ${textOf(row, 'account')}`,
    )
  }
}

/** Each side names the other: parties first, accounts otherwise. */
function setAgainst(document: Document): void {
  const rows = rowsOf(document, 'accounts')
  const names = (side: 'debit' | 'credit') => {
    const chosen = rows.filter((row) => numberOf(row, side) > 0)
    return [...new Set(chosen.map((row) => textOf(row, 'party') || textOf(row, 'account')))]
  }
  const [debited, credited] = [names('debit'), names('credit')]
  for (const row of rows) {
    row.against_account = (numberOf(row, 'debit') > 0 ? credited : debited).join(', ')
  }
}

function setTotals(document: Document, site: SiteContext): void {
  const rows = rowsOf(document, 'accounts')
  document.total_debit = roundTo(sumOf(rows, 'debit'))
  document.total_credit = roundTo(sumOf(rows, 'credit'))
  document.difference = roundTo(
    numberOf(document, 'total_debit') - numberOf(document, 'total_credit'),
  )
  const party = rows.find((row) => row.party)
  if (!party) {
    document.total_amount_in_words = amountInWords(0, companyCurrency(document, site))
    return
  }
  document.pay_to_recd_from = textOf(party, 'party')
  document.total_amount = Math.max(numberOf(party, 'debit'), numberOf(party, 'credit'))
  const currency = companyCurrency(document, site)
  document.total_amount_currency = currency
  document.total_amount_in_words = amountInWords(numberOf(document, 'total_amount'), currency)
}

/** What the ledger says: the cheque, then the person's own note. */
function setRemark(document: Document): void {
  const lines: string[] = []
  if (document.cheque_no) {
    const date = textOf(document, 'cheque_date')
    const dated = date ? ` dated ${date.slice(5, 7)}-${date.slice(8)}-${date.slice(0, 4)}` : ''
    lines.push(`Reference #${textOf(document, 'cheque_no')}${dated}`)
  }
  if (document.user_remark) lines.push(`Note: ${textOf(document, 'user_remark')}`)
  if (lines.length) document.remark = lines.join('\n')
}

function checkCheque(document: Document): void {
  const needsNumber = document.voucher_type === 'Bank Entry'
  if (needsNumber && (!document.cheque_no || !document.cheque_date)) {
    refuse('Reference No & Reference Date is required for Bank Entry')
  }
}

function checkBalance(document: Document): void {
  const difference = numberOf(document, 'difference')
  if (!difference) return
  refuse(`Total Debit must be equal to Total Credit. The difference is ${pythonFloat(difference)}`)
}

function titleOf(document: Document): string {
  const rows = rowsOf(document, 'accounts')
  return textOf(document, 'pay_to_recd_from') || textOf(rows[0] ?? {}, 'account')
}

function linesOf(document: Document): LedgerLine[] {
  return rowsOf(document, 'accounts').map((row) => ({
    account: textOf(row, 'account'),
    accountCurrency: textOf(row, 'account_currency'),
    debit: numberOf(row, 'debit'),
    credit: numberOf(row, 'credit'),
    debitInAccountCurrency: numberOf(row, 'debit_in_account_currency'),
    creditInAccountCurrency: numberOf(row, 'credit_in_account_currency'),
    partyType: textOf(row, 'party_type'),
    party: textOf(row, 'party'),
    against: textOf(row, 'against_account'),
    againstVoucherType: textOf(row, 'reference_type'),
    againstVoucher: textOf(row, 'reference_name'),
    costCenter: textOf(row, 'cost_center') || null,
    project: textOf(row, 'project') || null,
    remarks: textOf(row, 'user_remark') || textOf(document, 'remark'),
  }))
}
