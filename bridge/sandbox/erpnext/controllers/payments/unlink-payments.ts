import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'

/** Doctypes that pay an invoice; they are let go of, and so do not hold its cancelling back. */
export const PAYING = ['Payment Entry', 'Journal Entry']

/**
 * Where Accounts Settings say so, cancelling an invoice lets go of its payments: they stay booked,
 * as money that is not allocated to anything.
 */
export function unlinkPayments(invoice: Document, site: SiteContext): void {
  if (site.getSingle('Accounts Settings').unlink_payment_on_cancellation_of_invoice !== 1) return
  const payments = unlinkReferences(invoice, site)
  unlinkJournal(invoice, site)
  unlinkLedger(invoice, site)
  if (payments.length) {
    site.msgprint(`Payment Entries ${payments.join('<br>')} are un-linked`)
  }
}

function unlinkReferences(invoice: Document, site: SiteContext): string[] {
  const rows = site.getAll('Payment Entry Reference', {
    filters: { reference_doctype: invoice.doctype, reference_name: invoice.name, docstatus: 1 },
    fields: ['name', 'parent', 'allocated_amount'],
  })
  for (const row of rows) {
    const allocated = numberOf(row, 'allocated_amount')
    const payment = site.getDoc('Payment Entry', textOf(row, 'parent'))
    site.dbSet('Payment Entry Reference', textOf(row, 'name'), { allocated_amount: 0 })
    const total = roundTo(numberOf(payment, 'total_allocated_amount') - allocated)
    const rate =
      payment.payment_type === 'Receive' ? 'source_exchange_rate' : 'target_exchange_rate'
    site.dbSet('Payment Entry', payment.name, {
      total_allocated_amount: total,
      base_total_allocated_amount: roundTo(total * (numberOf(payment, rate) || 1)),
      unallocated_amount: roundTo(numberOf(payment, 'unallocated_amount') + allocated),
    })
  }
  return [...new Set(rows.map((row) => textOf(row, 'parent')))]
}

function unlinkJournal(invoice: Document, site: SiteContext): void {
  const rows = site.getAll('Journal Entry Account', {
    filters: { reference_type: invoice.doctype, reference_name: invoice.name, docstatus: 1 },
    fields: ['name'],
  })
  for (const row of rows) {
    const values = { reference_type: null, reference_name: null }
    site.dbSet('Journal Entry Account', textOf(row, 'name'), values)
  }
}

function unlinkLedger(invoice: Document, site: SiteContext): void {
  const entries = site.getAll('GL Entry', {
    filters: [
      ['against_voucher_type', '=', invoice.doctype],
      ['against_voucher', '=', invoice.name],
      ['voucher_no', '!=', invoice.name],
      ['voucher_type', 'in', PAYING],
      ['is_cancelled', '=', 0],
    ],
    fields: ['name'],
  })
  for (const entry of entries) {
    const values = { against_voucher_type: null, against_voucher: null }
    site.dbSet('GL Entry', textOf(entry, 'name'), values)
  }
}
