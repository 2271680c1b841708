import type { SiteContext } from '../../site/contract.ts'
import { numberOf, textOf } from '../document-fields.ts'
import { roundTo } from '../rounding.ts'
import {
  column,
  companyOf,
  money,
  periodOf,
  type Report,
  type ReportFilters,
  type ReportRow,
} from './report.ts'

const ROLES = ['Accounts User', 'Accounts Manager', 'Auditor']

/** Income and expenses of a period, account by account, and what is left. */
export const profitAndLoss: Report = {
  name: 'Profit and Loss Statement',
  refDoctype: 'GL Entry',
  module: 'Accounts',
  roles: ROLES,
  addTotalRow: false,
  run(site, filters) {
    const [from, to] = periodOf(site, filters)
    const income = section('Income', -1, from, to, site, filters)
    const expense = section('Expense', 1, from, to, site, filters)
    const profit = roundTo(income.total - expense.total)
    const key = keyOf(to)
    const rows = [
      ...income.rows,
      summary('Total Income (Credit)', income.total, key),
      {},
      ...expense.rows,
      summary('Total Expense (Debit)', expense.total, key),
      {},
      { ...summary('Profit for the year', profit, key), warn_if_negative: true },
    ]
    return { columns: columnsFor(to), rows }
  },
}

/** What the company has and owes at a date. */
export const balanceSheet: Report = {
  name: 'Balance Sheet',
  refDoctype: 'GL Entry',
  module: 'Accounts',
  roles: ROLES,
  addTotalRow: false,
  run(site, filters) {
    const [, to] = periodOf(site, filters)
    const since = '0000-01-01'
    const asset = section('Asset', 1, since, to, site, filters)
    const liability = section('Liability', -1, since, to, site, filters)
    const equity = section('Equity', -1, since, to, site, filters)
    const key = keyOf(to)
    const provisional = roundTo(asset.total - liability.total - equity.total)
    const owed = roundTo(liability.total + equity.total + provisional)
    const rows = [
      ...asset.rows,
      summary('Total Asset (Debit)', asset.total, key),
      {},
      ...liability.rows,
      summary('Total Liability (Credit)', liability.total, key),
      {},
      ...equity.rows,
      summary('Total Equity (Credit)', equity.total, key),
      {},
      summary('Provisional Profit / Loss (Credit)', provisional, key),
      summary('Total (Credit)', owed, key),
    ]
    return { columns: columnsFor(to), rows }
  },
}

/** The accounts of one root as a tree with sums; those with nothing on them are left out. */
function section(
  root: string,
  sign: 1 | -1,
  from: string,
  to: string,
  site: SiteContext,
  filters: ReportFilters,
): { rows: ReportRow[]; total: number } {
  const company = companyOf(site, filters)
  const accounts = site.getAll('Account', {
    filters: { root_type: root, company },
    fields: ['name', 'account_name', 'parent_account', 'is_group'],
    order_by: 'name asc',
  })
  const own = balances(company, from, to, site)
  const key = keyOf(to)
  const rows: ReportRow[] = []
  const visit = (account: Record<string, unknown>, indent: number): number => {
    const name = textOf(account, 'name')
    const at = rows.length
    const below = accounts
      .filter((child) => textOf(child, 'parent_account') === name)
      .reduce((sum, child) => sum + visit(child, indent + 1), 0)
    const amount = roundTo(sign * (own.get(name) ?? 0) + below)
    if (!amount) return 0
    const { account_name, parent_account, is_group } = account
    const row = { account: name, account_name, parent_account, is_group, indent, currency: 'USD' }
    rows.splice(at, 0, { ...row, [key]: amount, total: amount, has_value: true })
    return amount
  }
  const total = accounts
    .filter((account) => !textOf(account, 'parent_account'))
    .reduce((sum, account) => sum + visit(account, 0), 0)
  return { rows, total: roundTo(total) }
}

function balances(
  company: string,
  from: string,
  to: string,
  site: SiteContext,
): Map<string, number> {
  const sums = new Map<string, number>()
  const entries = site.getAll('GL Entry', {
    filters: { company, is_cancelled: 0 },
    fields: ['account', 'debit', 'credit', 'posting_date'],
    order_by: null,
  })
  for (const entry of entries) {
    const date = textOf(entry, 'posting_date')
    if (date < from || date > to) continue
    const account = textOf(entry, 'account')
    const amount = numberOf(entry, 'debit') - numberOf(entry, 'credit')
    sums.set(account, (sums.get(account) ?? 0) + amount)
  }
  return sums
}

/** ERPNext sets its totals apart by quotes around their names. */
function summary(name: string, amount: number, key: string): ReportRow {
  const label = `'${name}'`
  return { account: label, account_name: label, currency: 'USD', [key]: amount, total: amount }
}

function keyOf(to: string): string {
  const months = [
    'jan',
    'feb',
    'mar',
    'apr',
    'may',
    'jun',
    'jul',
    'aug',
    'sep',
    'oct',
    'nov',
    'dec',
  ]
  return `${months[Number(to.slice(5, 7)) - 1] ?? 'dec'}_${to.slice(0, 4)}`
}

function columnsFor(to: string) {
  return [
    column('account', 'Account', 'Link', 'Account'),
    column('currency', 'Currency', 'Link', 'Currency'),
    money(keyOf(to), to.slice(0, 4)),
  ]
}
