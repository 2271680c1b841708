import type { SiteContext } from '../../site/contract.ts'
import { daysBetween } from '../dates.ts'
import { numberOf, textOf } from '../document-fields.ts'
import { roundTo } from '../rounding.ts'
import {
  column,
  companyOf,
  money,
  type Report,
  type ReportFilters,
  type ReportRow,
} from './report.ts'

type Side = 'Customer' | 'Supplier'
type Entry = Record<string, unknown>

/** What is still owed voucher by voucher, with its age; from the ledger as of the report's date. */
export const accountsReceivable: Report = {
  name: 'Accounts Receivable',
  refDoctype: 'Sales Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User', 'Sales Manager', 'Sales User'],
  addTotalRow: true,
  run: (site, filters) => run('Customer', site, filters),
}

export const accountsPayable: Report = {
  name: 'Accounts Payable',
  refDoctype: 'Purchase Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User', 'Auditor', 'Purchase User'],
  addTotalRow: true,
  run: (site, filters) => run('Supplier', site, filters),
}

function run(side: Side, site: SiteContext, filters: ReportFilters) {
  const limits = rangesOf(filters)
  const date = textOf(filters, 'report_date') || site.today()
  const rows = openVouchers(side, date, site, filters).map((row) => ({
    ...row,
    ...ageing(row, date, limits, filters),
  }))
  return { columns: columnsFor(side, limits), rows }
}

function openVouchers(
  side: Side,
  date: string,
  site: SiteContext,
  filters: ReportFilters,
): ReportRow[] {
  const sign = side === 'Customer' ? 1 : -1
  const company = companyOf(site, filters)
  const parties = partiesOf(filters)
  const entries = site
    .getAll('GL Entry', {
      filters: { party_type: side, company, is_cancelled: 0 },
      fields: ['*'],
      order_by: 'posting_date asc',
    })
    .filter((entry) => textOf(entry, 'posting_date') <= date)
    .filter((entry) => !parties.length || parties.includes(textOf(entry, 'party')))
  const byVoucher = Map.groupBy(
    entries,
    (entry) => textOf(entry, 'against_voucher') || textOf(entry, 'voucher_no'),
  )
  return [...byVoucher]
    .map(([voucher, lines]) => voucherRow(voucher, lines, sign, side, site))
    .filter((row) => Math.abs(numberOf(row, 'outstanding_in_account_currency')) >= 0.005)
}

function voucherRow(
  voucher: string,
  lines: Entry[],
  sign: 1 | -1,
  side: Side,
  site: SiteContext,
): ReportRow {
  const first = lines.find((line) => line.voucher_no === voucher) ?? lines[0] ?? {}
  const doctype = textOf(first, 'voucher_type')
  const source = site.exists(doctype, voucher) ? site.getDoc(doctype, voucher) : {}
  const party = textOf(first, 'party')
  const amount = (line: Entry) => sign * (numberOf(line, 'debit') - numberOf(line, 'credit'))
  const sum = (chosen: Entry[]) => roundTo(chosen.reduce((total, line) => total + amount(line), 0))
  const own = lines.filter((line) => line.voucher_no === voucher)
  const returns = lines.filter(
    (line) => !own.includes(line) && textOf(line, 'voucher_type') === doctype,
  )
  const payments = lines.filter((line) => !own.includes(line) && !returns.includes(line))
  const holder = site.exists(side, party) ? site.getDoc(side, party) : {}
  return {
    posting_date: first.posting_date,
    party_type: side,
    party,
    party_account: first.account,
    cost_center: first.cost_center,
    voucher_type: doctype,
    voucher_no: voucher,
    due_date: textOf(source, 'due_date') || first.posting_date,
    bill_no: textOf(source, 'bill_no'),
    bill_date: textOf(source, 'bill_date'),
    po_no: textOf(source, 'po_no'),
    invoiced: sum(own),
    paid: roundTo(-sum(payments)),
    credit_note: roundTo(-sum(returns)),
    outstanding: sum(lines),
    outstanding_in_account_currency: inAccountCurrency(lines, sign),
    currency: site.getValue('Company', textOf(first, 'company'), 'default_currency'),
    territory: textOf(holder, 'territory'),
    customer_group: textOf(holder, 'customer_group'),
    supplier_group: textOf(holder, 'supplier_group'),
  }
}

/** A voucher paid in full in its own currency is settled, whatever cents the rates left over. */
function inAccountCurrency(lines: Entry[], sign: 1 | -1): number {
  const sides = lines.map(
    (line) =>
      numberOf(line, 'debit_in_account_currency') - numberOf(line, 'credit_in_account_currency'),
  )
  return roundTo(sign * sides.reduce((sum, amount) => sum + amount, 0))
}

function partiesOf(filters: ReportFilters): string[] {
  const given = filters.party ?? filters.customer ?? filters.supplier
  if (Array.isArray(given)) return given.map((party) => `${party}`)
  return typeof given === 'string' && given ? [given] : []
}

function rangesOf(filters: ReportFilters): number[] {
  const given = textOf(filters, 'range') || '30, 60, 90, 120'
  return given.split(',').map((part) => Number(part.trim()))
}

function ageing(row: ReportRow, date: string, limits: number[], filters: ReportFilters): ReportRow {
  const field = filters.ageing_based_on === 'Posting Date' ? 'posting_date' : 'due_date'
  const age = daysBetween(textOf(row, field), date)
  const found = limits.findIndex((limit) => age <= limit)
  const index = found === -1 ? limits.length : found
  const ranges = Array.from({ length: limits.length + 1 }, (_unused, position) => [
    `range${position + 1}`,
    position === index ? row.outstanding : 0,
  ])
  return { age, ...(Object.fromEntries(ranges) as ReportRow) }
}

function columnsFor(side: Side, limits: number[]) {
  const isCustomer = side === 'Customer'
  const labels = limits.map(
    (limit, index) => `${index ? (limits[index - 1] ?? 0) + 1 : 0}-${limit}`,
  )
  return [
    column('posting_date', 'Posting Date', 'Date'),
    column('party_type', 'Party Type'),
    column('party', 'Party', 'Dynamic Link', 'party_type'),
    column(
      'party_account',
      isCustomer ? 'Receivable Account' : 'Payable Account',
      'Link',
      'Account',
    ),
    column('cost_center', 'Cost Center'),
    column('voucher_type', 'Voucher Type'),
    column('voucher_no', 'Voucher No', 'Dynamic Link', 'voucher_type'),
    column('due_date', 'Due Date', 'Date'),
    ...(isCustomer ? [] : [column('bill_no', 'Bill No'), column('bill_date', 'Bill Date', 'Date')]),
    money('invoiced', 'Invoiced Amount'),
    money('paid', 'Paid Amount'),
    money('credit_note', isCustomer ? 'Credit Note' : 'Debit Note'),
    money('outstanding', 'Outstanding Amount'),
    column('age', 'Age (Days)', 'Int'),
    ...[...labels, `${(limits.at(-1) ?? 0) + 1}-Above`].map((label, index) =>
      money(`range${index + 1}`, label),
    ),
    column('currency', 'Currency', 'Link', 'Currency'),
    ...(isCustomer
      ? [
          column('po_no', 'Customer LPO'),
          column('territory', 'Territory', 'Link', 'Territory'),
          column('customer_group', 'Customer Group', 'Link', 'Customer Group'),
        ]
      : [column('supplier_group', 'Supplier Group', 'Link', 'Supplier Group')]),
  ]
}
