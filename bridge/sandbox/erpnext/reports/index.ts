import type { SiteContext } from '../../site/contract.ts'
import { generalLedger } from './general-ledger.ts'
import { accountsPayable, accountsReceivable } from './receivables.ts'
import { itemWiseSalesRegister, purchaseRegister, salesRegister } from './registers.ts'
import { totalRow, type Report } from './report.ts'
import { balanceSheet, profitAndLoss } from './statements.ts'
import { grossProfit, stockBalance } from './stock-and-profit.ts'

/** The reports of ERPNext that the sandbox can run. */
export const REPORTS: Report[] = [
  accountsReceivable,
  accountsPayable,
  generalLedger,
  salesRegister,
  purchaseRegister,
  itemWiseSalesRegister,
  grossProfit,
  stockBalance,
  profitAndLoss,
  balanceSheet,
]

/** What `frappe.desk.query_report.run` answers for one of them; undefined for any other name. */
export function runReport(
  site: SiteContext,
  name: string,
  filters: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const report = REPORTS.find((entry) => entry.name === name)
  if (!report) return undefined
  const { columns, rows } = report.run(site, filters)
  const total = report.addTotalRow && rows.length ? [totalRow(columns, rows)] : []
  return {
    result: [...rows, ...total],
    columns,
    message: null,
    chart: null,
    report_summary: null,
    skip_total_row: 0,
    status: null,
    execution_time: 0,
    add_total_row: report.addTotalRow,
  }
}
