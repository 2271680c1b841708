import { numberOf, textOf } from '../document-fields.ts'
import { roundTo } from '../rounding.ts'
import { column, companyOf, periodOf, type Report, type ReportRow } from './report.ts'

/** Every entry of the period with a running balance, between its opening and closing. */
export const generalLedger: Report = {
  name: 'General Ledger',
  refDoctype: 'GL Entry',
  module: 'Accounts',
  roles: ['Accounts User', 'Accounts Manager', 'Auditor'],
  addTotalRow: false,
  run(site, filters) {
    const company = companyOf(site, filters)
    const [from, to] = periodOf(site, filters)
    const currency = `${site.getValue('Company', company, 'default_currency') ?? ''}`
    const accounts = listOf(filters.account)
    const parties = listOf(filters.party)
    const entries = site
      .getAll('GL Entry', {
        filters: { company, is_cancelled: 0 },
        fields: ['*'],
        order_by: 'posting_date asc, creation asc',
      })
      .filter((entry) => textOf(entry, 'posting_date') <= to)
      .filter((entry) => !accounts.length || accounts.includes(textOf(entry, 'account')))
      .filter((entry) => !parties.length || parties.includes(textOf(entry, 'party')))
      .filter((entry) => !filters.voucher_no || entry.voucher_no === filters.voucher_no)
    const before = entries.filter((entry) => textOf(entry, 'posting_date') < from)
    const within = entries.filter((entry) => textOf(entry, 'posting_date') >= from)
    return { columns: columnsIn(currency), rows: rowsOf(before, within, currency) }
  },
}

function rowsOf(before: ReportRow[], within: ReportRow[], currency: string): ReportRow[] {
  const opening = summed("'Opening'", before, currency)
  const total = summed("'Total'", within, currency)
  const closing = summed("'Closing (Opening + Total)'", [...before, ...within], currency)
  let balance = numberOf(opening, 'balance')
  const entries = within.map((entry) => {
    balance = roundTo(balance + numberOf(entry, 'debit') - numberOf(entry, 'credit'))
    return { ...entry, gl_entry: entry.name, balance, presentation_currency: currency }
  })
  return [opening, ...entries, total, closing]
}

function summed(label: string, entries: ReportRow[], currency: string): ReportRow {
  const debit = roundTo(entries.reduce((sum, entry) => sum + numberOf(entry, 'debit'), 0))
  const credit = roundTo(entries.reduce((sum, entry) => sum + numberOf(entry, 'credit'), 0))
  const balance = roundTo(debit - credit)
  return { account: label, debit, credit, balance, presentation_currency: currency }
}

function listOf(given: unknown): string[] {
  if (Array.isArray(given)) return given.map((entry) => `${entry}`)
  return typeof given === 'string' && given ? [given] : []
}

function columnsIn(currency: string) {
  const amount = (fieldname: string, label: string) =>
    column(fieldname, `${label} (${currency})`, 'Currency', 'presentation_currency')
  return [
    column('gl_entry', 'GL Entry', 'Link', 'GL Entry'),
    column('posting_date', 'Posting Date', 'Date'),
    column('account', 'Account', 'Link', 'Account'),
    amount('debit', 'Debit'),
    amount('credit', 'Credit'),
    amount('balance', 'Balance'),
    column('voucher_type', 'Voucher Type'),
    column('voucher_subtype', 'Voucher Subtype'),
    column('voucher_no', 'Voucher No', 'Dynamic Link', 'voucher_type'),
    column('against', 'Against Account'),
    column('party_type', 'Party Type'),
    column('party', 'Party'),
    column('against_voucher_type', 'Against Voucher Type'),
    column('against_voucher', 'Against Voucher', 'Dynamic Link', 'against_voucher_type'),
  ]
}
