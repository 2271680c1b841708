import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'

/** The status of an invoice from its docstatus, what is owed, and when it was due. */
export function invoiceStatus(invoice: Document, site: SiteContext): string {
  if (invoice.docstatus === 2) return 'Cancelled'
  if (invoice.docstatus === 0) return 'Draft'
  const outstanding = roundTo(numberOf(invoice, 'outstanding_amount'))
  const total = totalInPartyCurrency(invoice)
  if (isOverdue(invoice, outstanding, total, site.today())) return 'Overdue'
  if (outstanding > 0 && outstanding < total) return 'Partly Paid'
  if (outstanding > 0 && textOf(invoice, 'due_date') >= site.today()) return 'Unpaid'
  const isSales = invoice.doctype === 'Sales Invoice'
  if (invoice.is_return !== 1 && hasReturn(invoice, site)) {
    return isSales ? 'Credit Note Issued' : 'Debit Note Issued'
  }
  if (invoice.is_return === 1) return 'Return'
  return outstanding <= 0 ? 'Paid' : 'Submitted'
}

function totalInPartyCurrency(invoice: Document): number {
  const field = invoice.disable_rounded_total === 1 ? 'grand_total' : 'rounded_total'
  const isOther = Boolean(
    invoice.party_account_currency && invoice.party_account_currency !== invoice.currency,
  )
  return numberOf(invoice, isOther ? `base_${field}` : field)
}

function isOverdue(invoice: Document, outstanding: number, total: number, today: string): boolean {
  if (outstanding <= 0) return false
  const rows = rowsOf(invoice, 'payment_schedule')
  if (!rows.length) return textOf(invoice, 'due_date') < today
  const isOther = Boolean(
    invoice.party_account_currency && invoice.party_account_currency !== invoice.currency,
  )
  const field = isOther ? 'base_payment_amount' : 'payment_amount'
  const payable = rows
    .filter((row) => textOf(row, 'due_date') < today)
    .reduce((sum, row) => sum + numberOf(row, field), 0)
  return roundTo(total - outstanding) < roundTo(payable)
}

function hasReturn(invoice: Document, site: SiteContext): boolean {
  const returns = site.getAll(invoice.doctype, {
    filters: { is_return: 1, return_against: invoice.name, docstatus: 1 },
    limit_page_length: 1,
  })
  return returns.length > 0
}
