import type { Document, SiteContext } from '../../site/contract.ts'
import { numberOf, rowsOf, sumOf, textOf } from '../document-fields.ts'
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

interface Side {
  invoice: string
  party: 'customer' | 'supplier'
  label: string
  account: string
  group: string
  rowAccount: string
}

const SALES: Side = {
  invoice: 'Sales Invoice',
  party: 'customer',
  label: 'Customer',
  account: 'debit_to',
  group: 'customer_group',
  rowAccount: 'income_account',
}
const PURCHASE: Side = {
  invoice: 'Purchase Invoice',
  party: 'supplier',
  label: 'Supplier',
  account: 'credit_to',
  group: 'supplier_group',
  rowAccount: 'expense_account',
}

export const salesRegister: Report = {
  name: 'Sales Register',
  refDoctype: 'Sales Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User'],
  addTotalRow: true,
  run: (site, filters) => register(SALES, site, filters),
}

export const purchaseRegister: Report = {
  name: 'Purchase Register',
  refDoctype: 'Purchase Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User', 'Auditor', 'Purchase User'],
  addTotalRow: true,
  run: (site, filters) => register(PURCHASE, site, filters),
}

export const itemWiseSalesRegister: Report = {
  name: 'Item-wise Sales Register',
  refDoctype: 'Sales Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User', 'Auditor'],
  addTotalRow: true,
  run: itemWise,
}

/** Submitted invoices of the period, newest first. */
export function invoicesOf(
  side: Pick<Side, 'invoice' | 'party'>,
  site: SiteContext,
  filters: ReportFilters,
) {
  const [from, to] = periodOf(site, filters)
  const query = {
    filters: [
      ['company', '=', companyOf(site, filters)],
      ['docstatus', '=', 1],
      ['posting_date', 'between', [from, to]],
      ...(filters[side.party] ? [[side.party, '=', filters[side.party]]] : []),
    ],
    fields: ['name'],
    order_by: 'posting_date desc, name desc',
  }
  return site
    .getAll(side.invoice, query)
    .map((row) => site.getDoc(side.invoice, textOf(row, 'name')))
}

function register(side: Side, site: SiteContext, filters: ReportFilters) {
  const invoices = invoicesOf(side, site, filters)
  const accounts = accountsIn(invoices, 'items', side.rowAccount)
  const taxes = accountsIn(invoices, 'taxes', 'account_head').filter(
    (name) => !accounts.includes(name),
  )
  const rows = invoices.map((invoice) => ({
    ...header(invoice, side),
    ...amounts(invoice, 'items', side.rowAccount, 'base_net_amount', accounts),
    ...amounts(invoice, 'taxes', 'account_head', 'base_tax_amount_after_discount_amount', taxes),
    net_total: invoice.base_net_total,
    tax_total: invoice.base_total_taxes_and_charges,
    grand_total: invoice.base_grand_total,
    rounded_total: invoice.base_rounded_total,
    outstanding_amount: invoice.outstanding_amount,
  }))
  return { columns: registerColumns(side, [...accounts, ...taxes]), rows }
}

function header(invoice: Document, side: Side): ReportRow {
  const first = rowsOf(invoice, 'items')[0] ?? {}
  return {
    voucher_type: invoice.doctype,
    voucher_no: invoice.name,
    posting_date: invoice.posting_date,
    [side.party]: invoice[side.party],
    [`${side.party}_name`]: invoice[`${side.party}_name`],
    [side.group]: invoice[side.group] ?? null,
    territory: invoice.territory ?? null,
    tax_id: invoice.tax_id,
    party_account: invoice[side.account],
    owner: invoice.owner,
    cost_center: textOf(first, 'cost_center'),
    warehouse: textOf(first, 'warehouse'),
    currency: 'USD',
    remarks: invoice.remarks,
  }
}

function accountsIn(invoices: Document[], table: string, field: string): string[] {
  const names = invoices.flatMap((invoice) =>
    rowsOf(invoice, table).map((row) => textOf(row, field)),
  )
  return [...new Set(names)].filter(Boolean).sort()
}

function amounts(
  invoice: Document,
  table: string,
  field: string,
  amount: string,
  accounts: string[],
): ReportRow {
  const members = accounts.map((account) => {
    const rows = rowsOf(invoice, table).filter((row) => row[field] === account)
    return [keyOf(account), roundTo(sumOf(rows, amount))]
  })
  return Object.fromEntries(members) as ReportRow
}

/** `Sales - HT` as a field name: `sales___ht`. */
function keyOf(account: string): string {
  return account.toLowerCase().replace(/[ -]/g, '_')
}

function registerColumns(side: Side, accounts: string[]) {
  return [
    column('voucher_type', 'Voucher Type'),
    column('voucher_no', 'Voucher', 'Dynamic Link', 'voucher_type'),
    column('posting_date', 'Posting Date', 'Date'),
    column(side.party, side.label, 'Link', side.label),
    column(`${side.party}_name`, `${side.label} Name`),
    column(side.group, `${side.label} Group`, 'Link', `${side.label} Group`),
    ...(side === SALES ? [column('territory', 'Territory', 'Link', 'Territory')] : []),
    column('tax_id', 'Tax Id'),
    column(
      'party_account',
      side === SALES ? 'Receivable Account' : 'Payable Account',
      'Link',
      'Account',
    ),
    column('owner', 'Owner'),
    column('cost_center', 'Cost Center', 'Link', 'Cost Center'),
    column('warehouse', 'Warehouse', 'Link', 'Warehouse'),
    column('currency', 'Currency'),
    ...accounts.map((account) => money(keyOf(account), account)),
    money('net_total', 'Net Total'),
    money('tax_total', 'Tax Total'),
    money('grand_total', 'Grand Total'),
    money('rounded_total', 'Rounded Total'),
    money('outstanding_amount', 'Outstanding Amount'),
    column('remarks', 'Remarks'),
  ]
}

function itemWise(site: SiteContext, filters: ReportFilters) {
  const rows = invoicesOf(SALES, site, filters).flatMap((invoice) =>
    rowsOf(invoice, 'items')
      .filter((row) => !filters.item_code || row.item_code === filters.item_code)
      .filter((row) => !filters.item_group || row.item_group === filters.item_group)
      .map((row) => itemRow(invoice, row)),
  )
  return { columns: ITEM_COLUMNS, rows }
}

function itemRow(invoice: Document, row: Document): ReportRow {
  const tax = rowsOf(invoice, 'taxes').reduce((sum, entry) => {
    const text = textOf(entry, 'item_wise_tax_detail') || '{}'
    const detail = JSON.parse(text) as Record<string, [number, number]>
    return sum + (detail[textOf(row, 'item_code')]?.[1] ?? 0)
  }, 0)
  const amount = numberOf(row, 'base_net_amount')
  return {
    item_code: row.item_code,
    item_name: row.item_name,
    item_group: row.item_group,
    invoice: invoice.name,
    posting_date: invoice.posting_date,
    customer_group: invoice.customer_group,
    customer: invoice.customer,
    customer_name: invoice.customer_name,
    territory: invoice.territory,
    sales_order: row.sales_order,
    delivery_note: row.delivery_note,
    income_account: row.income_account,
    cost_center: row.cost_center,
    stock_qty: row.stock_qty,
    stock_uom: row.stock_uom,
    rate: numberOf(row, 'base_net_rate'),
    amount,
    total_tax: roundTo(tax),
    total: roundTo(amount + tax),
    currency: 'USD',
  }
}

const ITEM_COLUMNS = [
  column('item_code', 'Item Code', 'Link', 'Item'),
  column('item_name', 'Item Name'),
  column('item_group', 'Item Group', 'Link', 'Item Group'),
  column('invoice', 'Invoice', 'Link', 'Sales Invoice'),
  column('posting_date', 'Posting Date', 'Date'),
  column('customer_group', 'Customer Group', 'Link', 'Customer Group'),
  column('customer', 'Customer', 'Link', 'Customer'),
  column('customer_name', 'Customer Name'),
  column('territory', 'Territory', 'Link', 'Territory'),
  column('sales_order', 'Sales Order', 'Link', 'Sales Order'),
  column('delivery_note', 'Delivery Note', 'Link', 'Delivery Note'),
  column('income_account', 'Income Account', 'Link', 'Account'),
  column('cost_center', 'Cost Center', 'Link', 'Cost Center'),
  column('stock_qty', 'Stock Qty', 'Float'),
  column('stock_uom', 'Stock UOM', 'Link', 'UOM'),
  money('rate', 'Rate'),
  money('amount', 'Amount'),
  money('total_tax', 'Total Tax'),
  money('total', 'Total'),
]
