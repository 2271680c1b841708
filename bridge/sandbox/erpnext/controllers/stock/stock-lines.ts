import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { costCenterOf, type LedgerLine } from '../ledger/ledger-line.ts'

/**
 * What moving stock books where the company keeps a perpetual inventory: the warehouse's account
 * against the account that `contraOf` names for the row.
 */
export function stockLines(
  document: Document,
  contraOf: (row: Document) => string,
  site: SiteContext,
): LedgerLine[] {
  if (!isPerpetual(document, site)) return []
  const rows = new Map(rowsOf(document, 'items').map((row) => [row.name, row]))
  const lines: LedgerLine[] = []
  for (const entry of entriesOf(document, site)) {
    const row = rows.get(textOf(entry, 'voucher_detail_no'))
    const value = roundTo(numberOf(entry, 'stock_value_difference'))
    if (!row || !value) continue
    const account = warehouseAccount(textOf(entry, 'warehouse'), document, site)
    const contra = contraOf(row)
    const rest = { costCenter: costCenterOf(row, document), remarks: remarksOf(document) }
    lines.push({ account, against: contra, debit: value, credit: 0, ...rest })
    lines.push({ account: contra, against: account, debit: 0, credit: value, ...rest })
  }
  return lines
}

export function isPerpetual(document: Document, site: SiteContext): boolean {
  const company = textOf(document, 'company')
  return site.getValue('Company', company, 'enable_perpetual_inventory') === 1
}

export function warehouseAccount(warehouse: string, document: Document, site: SiteContext): string {
  const own = site.getValue('Warehouse', warehouse, 'account')
  const company = textOf(document, 'company')
  return `${own || site.getValue('Company', company, 'default_inventory_account') || ''}`
}

function entriesOf(document: Document, site: SiteContext): Record<string, unknown>[] {
  return site.getAll('Stock Ledger Entry', {
    filters: { voucher_type: document.doctype, voucher_no: document.name, is_cancelled: 0 },
    fields: ['warehouse', 'voucher_detail_no', 'stock_value_difference'],
  })
}

function remarksOf(document: Document): string {
  return textOf(document, 'remarks') || 'Accounting Entry for Stock'
}
