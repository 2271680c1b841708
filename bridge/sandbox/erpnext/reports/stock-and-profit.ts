import { numberOf, rowsOf, textOf } from '../document-fields.ts'
import { roundTo } from '../rounding.ts'
import { invoicesOf } from './registers.ts'
import { column, companyOf, money, periodOf, type Report, type ReportRow } from './report.ts'

/** Opening, in, out and balance of each item in each warehouse, in quantity and value. */
export const stockBalance: Report = {
  name: 'Stock Balance',
  refDoctype: 'Stock Ledger Entry',
  module: 'Stock',
  roles: ['Stock User', 'Accounts Manager'],
  addTotalRow: true,
  run(site, filters) {
    const [from, to] = periodOf(site, filters)
    const entries = site
      .getAll('Stock Ledger Entry', {
        filters: { company: companyOf(site, filters), is_cancelled: 0 },
        fields: ['*'],
        order_by: 'posting_datetime asc, creation asc',
      })
      .filter((entry) => textOf(entry, 'posting_date') <= to)
      .filter((entry) => !filters.item_code || entry.item_code === filters.item_code)
      .filter((entry) => !filters.warehouse || entry.warehouse === filters.warehouse)
    const groups = Map.groupBy(entries, (entry) => `${entry.item_code} @ ${entry.warehouse}`)
    const rows = [...groups.values()].map((group) => {
      const first = group[0] ?? {}
      const item = site.getDoc('Item', textOf(first, 'item_code'))
      const named = { item_name: item.item_name, item_group: item.item_group }
      return { ...balanceRow(group, from), ...named, stock_uom: item.stock_uom }
    })
    return { columns: BALANCE_COLUMNS, rows }
  },
}

function balanceRow(entries: ReportRow[], from: string): ReportRow {
  const row: Record<string, number> = {}
  const add = (field: string, amount: number) => {
    row[field] = roundTo((row[field] ?? 0) + amount, 6)
  }
  let before = 0
  for (const entry of entries) {
    const after = numberOf(entry, 'qty_after_transaction')
    const value = numberOf(entry, 'stock_value_difference')
    const quantity = after - before
    before = after
    const isOpening = textOf(entry, 'posting_date') < from
    const side = isOpening ? 'opening' : quantity >= 0 && value >= 0 ? 'in' : 'out'
    const sign = side === 'out' ? -1 : 1
    add(`${side}_qty`, sign * quantity)
    add(`${side}_val`, sign * value)
    add('bal_qty', quantity)
    add('bal_val', value)
  }
  const { item_code, warehouse, company } = entries[0] ?? {}
  const rate = row.bal_qty ? (row.bal_val ?? 0) / row.bal_qty : 0
  const zeros = { opening_qty: 0, opening_val: 0, in_qty: 0, in_val: 0, out_qty: 0, out_val: 0 }
  return { item_code, warehouse, company, ...zeros, ...row, val_rate: roundTo(rate, 6) }
}

const BALANCE_COLUMNS = [
  column('item_code', 'Item', 'Link', 'Item'),
  column('item_name', 'Item Name'),
  column('item_group', 'Item Group', 'Link', 'Item Group'),
  column('warehouse', 'Warehouse', 'Link', 'Warehouse'),
  column('stock_uom', 'Stock UOM', 'Link', 'UOM'),
  column('bal_qty', 'Balance Qty', 'Float'),
  column('bal_val', 'Balance Value', 'Currency', 'Company:company:default_currency'),
  column('opening_qty', 'Opening Qty', 'Float'),
  column('opening_val', 'Opening Value', 'Currency', 'Company:company:default_currency'),
  column('in_qty', 'In Qty', 'Float'),
  column('in_val', 'In Value', 'Float'),
  column('out_qty', 'Out Qty', 'Float'),
  column('out_val', 'Out Value', 'Float'),
  column('val_rate', 'Valuation Rate', 'Currency'),
  column('company', 'Company', 'Link', 'Company'),
]

/** What each invoice earned over the cost of the goods in it, at their going valuation. */
export const grossProfit: Report = {
  name: 'Gross Profit',
  refDoctype: 'Sales Invoice',
  module: 'Accounts',
  roles: ['Accounts Manager', 'Accounts User'],
  addTotalRow: false,
  run(site, filters) {
    const side = { invoice: 'Sales Invoice', party: 'customer' as const }
    const rows = invoicesOf(side, site, filters).map((invoice) => {
      const buying = rowsOf(invoice, 'items').reduce((sum, row) => {
        const [bin] = site.getAll('Bin', {
          filters: { item_code: row.item_code, warehouse: row.warehouse },
          fields: ['valuation_rate'],
          limit_page_length: 1,
        })
        return sum + numberOf(row, 'stock_qty') * numberOf(bin ?? {}, 'valuation_rate')
      }, 0)
      return profitRow(
        {
          sales_invoice: invoice.name,
          customer: invoice.customer,
          customer_group: invoice.customer_group,
          posting_date: invoice.posting_date,
        },
        numberOf(invoice, 'base_net_total'),
        buying,
      )
    })
    const sum = (field: string) => rows.reduce((total, row) => total + numberOf(row, field), 0)
    const total = profitRow({ sales_invoice: 'Total' }, sum('selling_amount'), sum('buying_amount'))
    return { columns: PROFIT_COLUMNS, rows: [...rows, total] }
  },
}

function profitRow(head: ReportRow, selling: number, buying: number): ReportRow {
  const profit = roundTo(selling - buying)
  return {
    ...head,
    currency: 'USD',
    selling_amount: roundTo(selling),
    buying_amount: roundTo(buying),
    gross_profit: profit,
    'gross_profit_%': selling ? roundTo((profit / selling) * 100, 3) : 0,
  }
}

const PROFIT_COLUMNS = [
  column('sales_invoice', 'Sales Invoice', 'Link', 'Sales Invoice'),
  column('customer', 'Customer', 'Link', 'Customer'),
  column('customer_group', 'Customer Group', 'Link', 'Customer Group'),
  column('posting_date', 'Posting Date', 'Date'),
  money('selling_amount', 'Selling Amount'),
  money('buying_amount', 'Buying Amount'),
  money('gross_profit', 'Gross Profit'),
  column('gross_profit_%', 'Gross Profit Percent', 'Percent'),
  column('currency', 'Currency', 'Link', 'Currency'),
]
