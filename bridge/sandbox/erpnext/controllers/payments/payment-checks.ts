import type { Document, SiteContext } from '../../../site/contract.ts'
import { numberOf, rowsOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'
import { roundTo } from '../../rounding.ts'

/** Refusals of a payment, in ERPNext's words and order. */
export function checkPayment(document: Document, site: SiteContext): void {
  checkParty(document, site)
  checkAccounts(document, site)
  checkAllocations(document)
  checkBankReference(document, site)
  if (document.docstatus === 1 && roundTo(numberOf(document, 'difference_amount'))) {
    refuse('Difference Amount must be zero')
  }
}

function checkParty(document: Document, site: SiteContext): void {
  if (document.payment_type === 'Internal Transfer') return
  const type = textOf(document, 'party_type')
  const party = textOf(document, 'party')
  if (!type) refuse('Party Type is mandatory')
  if (!party) refuse('Party is mandatory')
  if (!site.exists(type, party)) refuse(`${type} ${party} does not exist`)
}

function checkAccounts(document: Document, site: SiteContext): void {
  for (const [field, label] of [
    ['paid_amount', 'Paid Amount'],
    ['received_amount', 'Received Amount'],
    ['source_exchange_rate', 'Source Exchange Rate'],
    ['target_exchange_rate', 'Target Exchange Rate'],
  ] as const) {
    if (!numberOf(document, field)) refuse(`${label} is mandatory`)
  }
  for (const field of ['paid_from', 'paid_to']) {
    const account = textOf(document, field)
    if (!account || !site.exists('Account', account)) continue
    const company = textOf(document, 'company')
    if (site.getValue('Account', account, 'company') !== company) {
      refuse(`Account ${account} does not belong to company: ${company}`)
    }
  }
}

function checkAllocations(document: Document): void {
  for (const row of rowsOf(document, 'references')) {
    const allocated = numberOf(row, 'allocated_amount')
    const outstanding = numberOf(row, 'outstanding_amount')
    const isOver = allocated > 0 ? allocated > outstanding + 0.005 : allocated < outstanding - 0.005
    if (!isOver || row.reference_doctype === 'Journal Entry') continue
    if (outstanding === 0 && document.docstatus === 1) {
      refuse(
        `${textOf(row, 'reference_doctype')} ${textOf(row, 'reference_name')} has already been fully paid.`,
      )
    }
    refuse(`Row #${row.idx}: Allocated Amount cannot be greater than outstanding amount.`)
  }
}

function checkBankReference(document: Document, site: SiteContext): void {
  const field = document.payment_type === 'Receive' ? 'paid_to' : 'paid_from'
  const account = textOf(document, field)
  if (!account || !site.exists('Account', account)) return
  if (site.getValue('Account', account, 'account_type') !== 'Bank') return
  if (!document.reference_no || !document.reference_date) {
    refuse('Reference No and Reference Date is mandatory for Bank transaction')
  }
}
