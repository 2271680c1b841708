import type { Document, SiteContext, WhitelistedMethod } from '../../site/contract.ts'
import { numberOf, textOf } from '../document-fields.ts'
import { refuse } from '../refusal.ts'
import { roundTo } from '../rounding.ts'
import { defaultBank } from '../controllers/payments/payment-accounts.ts'
import { partyAccount } from '../controllers/ledger/party-account.ts'
import { amountDue } from '../controllers/transaction/totals.ts'

/** ERPNext's `get_payment_entry`: a payment of what is still owed on an order or invoice. */
export const getPaymentEntry: WhitelistedMethod = {
  name: 'erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry',
  run: (site, args) => paymentFor(site, textOf(args, 'dt'), textOf(args, 'dn'), args),
}

function paymentFor(
  site: SiteContext,
  doctype: string,
  name: string,
  args: Record<string, unknown>,
): Document {
  const source = site.getDoc(doctype, name)
  site.checkPermission(doctype, 'read', source)
  const isSales = doctype.startsWith('Sales')
  const owed = owedOn(source)
  if (doctype.endsWith('Order') && numberOf(source, 'per_billed') >= 99.99) {
    refuse(`Can only make payment against unbilled ${doctype}`)
  }
  const party = textOf(source, isSales ? 'customer' : 'supplier')
  const company = textOf(source, 'company')
  const account =
    textOf(source, isSales ? 'debit_to' : 'credit_to') ||
    partyAccount(site, isSales ? 'Customer' : 'Supplier', party, company)
  const bank = textOf(args, 'bank_account') || defaultBank(source, site)
  const isIncoming = isSales ? owed >= 0 : owed < 0
  const amount = numberOf(args, 'party_amount') || Math.abs(owed)
  const payment = site.newDoc('Payment Entry', {
    payment_type: isIncoming ? 'Receive' : 'Pay',
    company,
    posting_date: site.today(),
    party_type: isSales ? 'Customer' : 'Supplier',
    party,
    party_name: source.customer_name ?? source.supplier_name,
    paid_from: isIncoming ? account : bank,
    paid_to: isIncoming ? bank : account,
    paid_from_account_currency: source.currency,
    paid_to_account_currency: source.currency,
    paid_amount: amount,
    received_amount: amount,
    source_exchange_rate: 1,
    target_exchange_rate: 1,
    cost_center: source.cost_center,
  })
  payment.references = [referenceRow(source, owed, site)]
  return payment
}

function owedOn(source: Document): number {
  if (source.doctype.endsWith('Invoice')) return numberOf(source, 'outstanding_amount')
  return roundTo(amountDue(source) - numberOf(source, 'advance_paid'))
}

function referenceRow(source: Document, owed: number, site: SiteContext): Document {
  return site.newDoc('Payment Entry Reference', {
    reference_doctype: source.doctype,
    reference_name: source.name,
    bill_no: source.bill_no,
    due_date: source.due_date,
    total_amount: amountDue(source),
    outstanding_amount: owed,
    allocated_amount: owed,
  })
}
