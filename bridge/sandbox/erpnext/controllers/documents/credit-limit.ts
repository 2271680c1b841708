import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

/** A customer's credit limit for the company holds when an invoice is submitted. */
export function checkCreditLimit(document: Document, site: SiteContext): void {
  const customer = site.getDoc('Customer', textOf(document, 'customer'))
  const row = rowsOf(customer, 'credit_limits').find((limit) => limit.company === document.company)
  const limit = numberOf(row ?? {}, 'credit_limit')
  if (!limit) return
  const owed = owedBy(customer.name, textOf(document, 'company'), document, site)
  if (owed <= limit) return
  refuse(
    `Credit limit has been crossed for customer ${customer.name} (${owed}/${limit})`,
    'ValidationError',
    'Credit Limit Crossed',
  )
}

function owedBy(customer: string, company: string, document: Document, site: SiteContext): number {
  const entries = site.getAll('GL Entry', {
    filters: { party_type: 'Customer', party: customer, company, is_cancelled: 0 },
    fields: ['debit', 'credit', 'voucher_no'],
  })
  const booked = entries.reduce(
    (sum, entry) => sum + numberOf(entry, 'debit') - numberOf(entry, 'credit'),
    0,
  )
  const own = entries.some((entry) => entry.voucher_no === document.name)
  return booked + (own ? 0 : numberOf(document, 'base_grand_total'))
}
