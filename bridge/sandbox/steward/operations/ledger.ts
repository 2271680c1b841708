import type { LedgerEntry, StockEntry } from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { plainValue, textOf } from '../values.ts'

const GL_FIELDS = [
  'account',
  'debit',
  'credit',
  'account_currency',
  'party_type',
  'party',
  'cost_center',
  'against',
  'posting_date',
]
const STOCK_FIELDS = [
  'item_code',
  'warehouse',
  'actual_qty',
  'valuation_rate',
  'stock_value_difference',
  'posting_date',
]

/** Names of ledger rows of a voucher, to tell later which ones an operation wrote. */
export function ledgerNames(document: Document, site: SiteContext): Set<string> {
  const names = ['GL Entry', 'Stock Ledger Entry'].flatMap((doctype) =>
    rowsOf(doctype, document, ['name'], site).map((row) => textOf(row.name)),
  )
  return new Set(names)
}

/** GL Entries of `document` that are not among `known`, in the order the card shows them. */
export function glEntries(
  document: Document,
  known: ReadonlySet<string>,
  site: SiteContext,
): LedgerEntry[] {
  const company = companyCurrency(document, site)
  return written('GL Entry', document, GL_FIELDS, known, site)
    .map(({ account_currency: own, ...row }) => ({ ...row, currency: company || textOf(own) }))
    .map((row) => row as unknown as LedgerEntry)
    .sort(
      (a, b) =>
        b.debit - a.debit ||
        compare(a.account, b.account) ||
        compare(a.party ?? '', b.party ?? '') ||
        a.credit - b.credit,
    )
}

export function stockEntries(
  document: Document,
  known: ReadonlySet<string>,
  site: SiteContext,
): StockEntry[] {
  return written('Stock Ledger Entry', document, STOCK_FIELDS, known, site)
    .map((row) => row as unknown as StockEntry)
    .sort(
      (a, b) =>
        compare(a.item_code, b.item_code) ||
        compare(a.warehouse, b.warehouse) ||
        a.actual_qty - b.actual_qty,
    )
}

export function companyCurrency(document: Document, site: SiteContext): string | null {
  const company = textOf(document.company)
  return company ? textOf(site.getValue('Company', company, 'default_currency')) || null : null
}

function written(
  doctype: string,
  document: Document,
  fields: string[],
  known: ReadonlySet<string>,
  site: SiteContext,
): Record<string, unknown>[] {
  return rowsOf(doctype, document, ['name', ...fields], site)
    .filter((row) => !known.has(textOf(row.name)))
    .map((row) => Object.fromEntries(fields.map((field) => [field, plainValue(row[field])])))
}

/** A draft has written none. */
function rowsOf(doctype: string, document: Document, fields: string[], site: SiteContext) {
  if (document.docstatus === 0) return []
  const filters = { voucher_type: document.doctype, voucher_no: document.name }
  return site.getAll(doctype, { filters, fields, order_by: null })
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
