import type { SiteContext } from '../../site/contract.ts'
import { textOf } from '../document-fields.ts'

export interface ReportColumn {
  fieldname: string
  label: string
  fieldtype: string
  options?: string
  width: number
}

export type ReportRow = Record<string, unknown>
export type ReportFilters = Record<string, unknown>

/** One report of ERPNext: who may run it on what, and how its rows come about. */
export interface Report {
  name: string
  refDoctype: string
  module: string
  roles: string[]
  /** Frappe adds a row with the sums of the numeric columns. */
  addTotalRow: boolean
  run(site: SiteContext, filters: ReportFilters): { columns: ReportColumn[]; rows: ReportRow[] }
}

export function column(
  fieldname: string,
  label: string,
  fieldtype = 'Data',
  options?: string,
): ReportColumn {
  return { fieldname, label, fieldtype, width: 120, ...(options ? { options } : {}) }
}

export const money = (fieldname: string, label: string) =>
  column(fieldname, label, 'Currency', 'currency')

export function companyOf(site: SiteContext, filters: ReportFilters): string {
  return textOf(filters, 'company') || textOf(site.getSingle('Global Defaults'), 'default_company')
}

/** From and to date of the filters; a year back from today where they are left out. */
export function periodOf(site: SiteContext, filters: ReportFilters): [from: string, to: string] {
  const today = site.today()
  const year = today.slice(0, 4)
  return [
    textOf(filters, 'from_date') ||
      textOf(filters, 'period_start_date') ||
      `${textOf(filters, 'from_fiscal_year') || year}-01-01`,
    textOf(filters, 'to_date') ||
      textOf(filters, 'period_end_date') ||
      (filters.to_fiscal_year ? `${textOf(filters, 'to_fiscal_year')}-12-31` : today),
  ]
}

/** The last row Frappe adds: sums under numbers, `Total` under the first column. */
export function totalRow(columns: ReportColumn[], rows: ReportRow[]): unknown[] {
  const summed = ['Currency', 'Float', 'Int', 'Percent']
  return columns.map(({ fieldname, fieldtype }, index) => {
    if (summed.includes(fieldtype) && fieldname !== 'age') {
      return rows.reduce((sum, row) => sum + Number(row[fieldname] ?? 0), 0)
    }
    return index === 0 ? 'Total' : ''
  })
}
