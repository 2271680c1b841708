import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { roundTo } from '../../rounding.ts'
import { invoiceStatus } from './invoice-status.ts'
import type { LedgerLine } from './ledger-line.ts'

const INVOICES = new Set(['Sales Invoice', 'Purchase Invoice'])

/** Recomputes what is still owed on every invoice that a booking refers to. */
export function updateOutstandings(
  lines: LedgerLine[],
  voucher: Document,
  site: SiteContext,
): void {
  const touched = new Map<string, [string, string]>()
  for (const line of lines) {
    const type = line.againstVoucherType ?? ''
    const name = line.againstVoucher ?? ''
    if (INVOICES.has(type) && name) touched.set(`${type} ${name}`, [type, name])
  }
  for (const [type, name] of touched.values()) {
    const isOwn = type === voucher.doctype && name === voucher.name
    if (isOwn && voucher.docstatus === 2) continue
    updateOutstanding(type, name, isOwn ? voucher : null, site)
  }
}

function updateOutstanding(
  doctype: string,
  name: string,
  voucher: Document | null,
  site: SiteContext,
): void {
  const outstanding = outstandingOf(doctype, name, site)
  const invoice = site.getDoc(doctype, name)
  invoice.outstanding_amount = outstanding
  const status = invoiceStatus(invoice, site)
  site.dbSet(doctype, name, { outstanding_amount: outstanding, status })
  if (voucher) Object.assign(voucher, { outstanding_amount: outstanding, status })
}

/** The balance of the party's account that carries this voucher, in the party account's currency. */
export function outstandingOf(doctype: string, name: string, site: SiteContext): number {
  const sign = doctype === 'Sales Invoice' ? 1 : -1
  const entries = site.getAll('GL Entry', {
    filters: { against_voucher_type: doctype, against_voucher: name, is_cancelled: 0 },
    fields: ['debit_in_account_currency', 'credit_in_account_currency', 'party_type'],
  })
  const balance = entries
    .filter((entry) => textOf(entry, 'party_type'))
    .reduce(
      (sum, entry) =>
        sum +
        numberOf(entry, 'debit_in_account_currency') -
        numberOf(entry, 'credit_in_account_currency'),
      0,
    )
  return roundTo(balance * sign)
}
