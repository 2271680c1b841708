import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'
import { fiscalYearOf } from '../transaction/checks.ts'
import type { LedgerLine } from './ledger-line.ts'
import { updateOutstandings } from './outstanding.ts'

/** Writes balanced GL Entries of a voucher and brings the invoices they touch up to date. */
export function postLedger(document: Document, lines: LedgerLine[], site: SiteContext): void {
  const merged = mergeLines(lines)
  if (!merged.length) return
  balance(document, merged, site)
  const year = fiscalYearOf(textOf(document, 'posting_date'), site)
  for (const line of merged) checkAccount(line, document, site)
  for (const line of merged) site.dbInsert(entryOf(document, line, year, site))
  updateOutstandings(merged, document, site)
}

/** Cancelling writes the mirror image of each entry; both sides carry `is_cancelled`. */
export function reverseLedger(document: Document, site: SiteContext): void {
  const entries = site.getAll('GL Entry', {
    filters: { voucher_type: document.doctype, voucher_no: document.name, is_cancelled: 0 },
    fields: ['*'],
  })
  for (const entry of entries) {
    site.dbSet('GL Entry', textOf(entry, 'name'), { is_cancelled: 1 })
    site.dbInsert(mirrored(entry, document))
  }
  updateOutstandings(entries.map(lineOf), document, site)
}

function mirrored(entry: Record<string, unknown>, document: Document) {
  const { name: _name, creation: _creation, modified: _modified, ...values } = entry
  return {
    ...values,
    doctype: 'GL Entry',
    debit: entry.credit,
    credit: entry.debit,
    debit_in_account_currency: entry.credit_in_account_currency,
    credit_in_account_currency: entry.debit_in_account_currency,
    debit_in_transaction_currency: entry.credit_in_transaction_currency,
    credit_in_transaction_currency: entry.debit_in_transaction_currency,
    is_cancelled: 1,
    remarks: `On cancellation of ${document.name}`,
  }
}

function lineOf(entry: Record<string, unknown>): LedgerLine {
  return {
    account: textOf(entry, 'account'),
    debit: numberOf(entry, 'debit'),
    credit: numberOf(entry, 'credit'),
    partyType: textOf(entry, 'party_type'),
    againstVoucherType: textOf(entry, 'against_voucher_type'),
    againstVoucher: textOf(entry, 'against_voucher'),
  }
}

/** Lines that say the same thing become one; a negative side is moved to the other. */
function mergeLines(lines: LedgerLine[]): LedgerLine[] {
  const merged = new Map<string, LedgerLine>()
  for (const line of lines) {
    const key = mergeKey(line)
    const same = merged.get(key)
    if (!same) {
      merged.set(key, { ...line })
      continue
    }
    same.debit += line.debit
    same.credit += line.credit
    same.debitInAccountCurrency = sideInAccount(same, 'debit', line)
    same.creditInAccountCurrency = sideInAccount(same, 'credit', line)
  }
  return [...merged.values()]
    .map(withoutNegatives)
    .filter((line) => roundTo(line.debit) !== 0 || roundTo(line.credit) !== 0)
}

function sideInAccount(
  same: LedgerLine,
  side: 'debit' | 'credit',
  line: LedgerLine,
): number | undefined {
  const field = side === 'debit' ? 'debitInAccountCurrency' : 'creditInAccountCurrency'
  if (same[field] === undefined && line[field] === undefined) return undefined
  return (same[field] ?? 0) + (line[field] ?? 0)
}

function mergeKey(line: LedgerLine): string {
  return JSON.stringify([
    line.account,
    line.costCenter ?? '',
    line.partyType ?? '',
    line.party ?? '',
    line.againstVoucherType ?? '',
    line.againstVoucher ?? '',
    line.project ?? '',
    line.detail ?? '',
  ])
}

function withoutNegatives(line: LedgerLine): LedgerLine {
  let { debit, credit } = line
  let debitInAccount = line.debitInAccountCurrency ?? debit
  let creditInAccount = line.creditInAccountCurrency ?? credit
  if (debit < 0) [credit, debit] = [credit - debit, 0]
  if (debitInAccount < 0) [creditInAccount, debitInAccount] = [creditInAccount - debitInAccount, 0]
  if (credit < 0) [debit, credit] = [debit - credit, 0]
  if (creditInAccount < 0) [debitInAccount, creditInAccount] = [debitInAccount - creditInAccount, 0]
  return {
    ...line,
    debit: roundTo(debit),
    credit: roundTo(credit),
    debitInAccountCurrency: roundTo(debitInAccount),
    creditInAccountCurrency: roundTo(creditInAccount),
  }
}

/** A few cents of rounding go to the round-off account; more is an error. */
function balance(document: Document, lines: LedgerLine[], site: SiteContext): void {
  const difference = roundTo(lines.reduce((sum, line) => sum + line.debit - line.credit, 0))
  if (!difference) return
  const allowance = /Entry$/.test(document.doctype) ? 0.05 : 0.5
  if (Math.abs(difference) > allowance) {
    refuse(
      `Debit and Credit not equal for ${document.doctype} #${document.name}. Difference is ${difference}.`,
    )
  }
  const company = site.getDoc('Company', textOf(document, 'company'))
  lines.push({
    account: textOf(company, 'round_off_account'),
    costCenter: textOf(company, 'round_off_cost_center') || textOf(company, 'cost_center'),
    debit: difference < 0 ? -difference : 0,
    credit: difference > 0 ? difference : 0,
    debitInAccountCurrency: difference < 0 ? -difference : 0,
    creditInAccountCurrency: difference > 0 ? difference : 0,
  })
}

function checkAccount(line: LedgerLine, document: Document, site: SiteContext): void {
  const voucher = `${document.doctype} ${document.name}`
  if (!line.account || !site.exists('Account', line.account)) {
    refuse(`${voucher}: Account ${line.account} does not exist`)
  }
  const account = site.getDoc('Account', line.account)
  if (account.is_group === 1) {
    refuse(
      `${voucher}: Account ${line.account} is a Group Account and group accounts cannot be used in transactions`,
    )
  }
  if (account.disabled === 1) refuse(`${voucher}: Account ${line.account} is inactive`)
  if (account.company !== document.company) {
    refuse(
      `${voucher}: Account ${line.account} does not belong to Company ${textOf(document, 'company')}`,
    )
  }
  const needsParty = ['Receivable', 'Payable'].includes(textOf(account, 'account_type'))
  if (needsParty && !line.party) {
    const party = account.account_type === 'Receivable' ? 'Customer' : 'Supplier'
    refuse(
      `${voucher}: ${party} is required against ${account.account_type} account ${line.account}`,
    )
  }
}

function entryOf(document: Document, line: LedgerLine, year: string, site: SiteContext) {
  const rate = numberOf(document, 'conversion_rate') || 1
  const inTransaction = (amount: number) => roundTo(amount / rate)
  return {
    doctype: 'GL Entry',
    posting_date: document.posting_date,
    transaction_date: document.transaction_date ?? null,
    account: line.account,
    account_currency:
      line.accountCurrency ?? site.getValue('Account', line.account, 'account_currency'),
    party_type: line.partyType || null,
    party: line.party || null,
    cost_center: line.costCenter || null,
    project: line.project || null,
    debit: line.debit,
    credit: line.credit,
    debit_in_account_currency: line.debitInAccountCurrency,
    credit_in_account_currency: line.creditInAccountCurrency,
    debit_in_transaction_currency: inTransaction(line.debit),
    credit_in_transaction_currency: inTransaction(line.credit),
    transaction_currency: document.currency ?? null,
    transaction_exchange_rate: rate,
    against: line.against || null,
    against_voucher_type: line.againstVoucherType || null,
    against_voucher: line.againstVoucher || null,
    voucher_type: document.doctype,
    voucher_subtype: subtypeOf(document),
    voucher_no: document.name,
    voucher_detail_no: line.detail || null,
    remarks: line.remarks || textOf(document, 'remarks') || 'No Remarks',
    is_opening: textOf(document, 'is_opening') || 'No',
    is_advance: 'No',
    is_cancelled: 0,
    fiscal_year: year,
    company: document.company,
    due_date: line.dueDate || null,
    docstatus: 1,
  }
}

/** What kind of its doctype a voucher is. */
function subtypeOf(document: Document): string {
  const kinds: Record<string, string> = {
    'Journal Entry': 'voucher_type',
    'Payment Entry': 'payment_type',
    'Stock Entry': 'stock_entry_type',
  }
  const field = kinds[document.doctype]
  if (field) return textOf(document, field)
  if (document.is_return !== 1) return document.doctype
  if (document.doctype === 'Sales Invoice') return 'Credit Note'
  return document.doctype === 'Purchase Invoice' ? 'Debit Note' : document.doctype
}
