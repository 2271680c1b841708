import type { Document, SiteContext } from '../../site/contract.ts'
import { addDays } from '../dates.ts'
import { numberOf } from '../document-fields.ts'
import { roundTo } from '../rounding.ts'
import { book, draft, follow, on } from './book.ts'
import { COMPANY, ofCompany } from './ground.ts'
import { ITEMS } from './items.ts'
import { CUSTOMERS } from './parties.ts'
import type { Choices } from './random.ts'

const CHAINS = 56
const DAYS_BACK = 420
const TAX = ofCompany('Sales Tax 8%')

/**
 * Quotations that became orders, deliveries, invoices and payments, each stopped somewhere. Trade
 * grows: they lie closer together the nearer they are to today.
 */
export function seedSelling(site: SiteContext, choices: Choices): void {
  for (let chain = 0; chain < CHAINS; chain += 1) {
    const daysAgo = Math.floor(DAYS_BACK * ((CHAINS - chain) / CHAINS) ** 1.6)
    const date = addDays(site.today(), choices.between(0, 2) - 2 - daysAgo)
    runChain(site, chain, date, choices)
  }
}

function runChain(site: SiteContext, chain: number, date: string, choices: Choices): void {
  const customer = CUSTOMERS[(chain * 7) % CUSTOMERS.length]?.[0] ?? ''
  const items = itemRows(choices)
  if (chain % 5 === 2) return invoiceAtOnce(site, chain, date, customer, items)
  const offer = {
    doctype: 'Quotation',
    quotation_to: 'Customer',
    party_name: customer,
    transaction_date: date,
    valid_till: addDays(date, 30),
    items,
    ...discountOf(chain),
    ...termsFor(customer),
  }
  if (chain === CHAINS - 1) return void draft(site, offer)
  const quotation = book(site, offer)
  if (chain % 6 === 5) return
  const order = follow(site, quotation, 'Sales Order', {
    transaction_date: addDays(date, 2),
    delivery_date: addDays(date, 12),
    po_no: `PO-${1000 + chain * 13}`,
  })
  fulfil(site, chain, order, addDays(date, 7))
}

function fulfil(site: SiteContext, chain: number, order: Document, date: string): void {
  if (date > site.today() || chain % 11 === 7) return
  const note = follow(site, order, 'Delivery Note', on(date))
  const billed = addDays(date, 1)
  if (billed > site.today() || chain % 13 === 9) return
  const invoice = follow(site, note, 'Sales Invoice', on(billed, 11))
  settle(site, chain, invoice, addDays(billed, 8 + (chain % 3) * 6))
}

function invoiceAtOnce(
  site: SiteContext,
  chain: number,
  date: string,
  customer: string,
  items: Record<string, unknown>[],
): void {
  const services = { item_code: chain % 2 ? 'SVC-INSTALL' : 'SVC-CONSULT', qty: 2 + (chain % 5) }
  const values = {
    doctype: 'Sales Invoice',
    customer,
    ...termsFor(customer),
    items: [services, ...items.slice(0, 1)],
    update_stock: 1,
    ...on(date),
  }
  settle(site, chain, book(site, values), addDays(date, 18))
}

/** Most are paid; some in part, some never. */
function settle(site: SiteContext, chain: number, invoice: Document, date: string): void {
  const isRecent = chain >= CHAINS - 10 && chain % 3 !== 0
  const isUnpaid = chain % 7 === 3 || chain % 9 === 8 || isRecent
  if (isUnpaid || date > site.today()) return
  const owed = numberOf(site.getDoc('Sales Invoice', invoice.name), 'outstanding_amount')
  const paid =
    chain % 10 === 4 || (chain >= CHAINS - 10 && chain % 3 === 0) ? roundTo(owed * 0.4) : owed
  const isForeign = invoice.currency !== 'USD'
  book(site, {
    doctype: 'Payment Entry',
    payment_type: 'Receive',
    party_type: 'Customer',
    party: invoice.customer,
    company: COMPANY,
    posting_date: date,
    mode_of_payment: 'Wire Transfer',
    paid_from: invoice.debit_to,
    paid_to: ofCompany('Checking'),
    paid_amount: paid,
    received_amount: isForeign ? roundTo(paid * 1.1) : paid,
    reference_no: `WT-${20_000 + chain}`,
    reference_date: date,
    references: [
      {
        reference_doctype: 'Sales Invoice',
        reference_name: invoice.name,
        allocated_amount: paid,
      },
    ],
  })
}

function itemRows(choices: Choices): Record<string, unknown>[] {
  const stocked = ITEMS.filter(([, , , , , buying]) => buying > 0)
  const chosen = new Set<string>()
  const count = choices.between(1, 4)
  while (chosen.size < count) chosen.add(choices.pick(stocked)[0])
  return [...chosen].map((code) => ({
    item_code: code,
    qty: choices.between(1, 8),
    warehouse: ofCompany('Stores'),
  }))
}

/** Europe is invoiced in euros and without sales tax. */
function termsFor(customer: string): Record<string, unknown> {
  if (customer === 'Grete Holm Design') return { company: COMPANY, currency: 'EUR' }
  return { company: COMPANY, taxes_and_charges: TAX }
}

function discountOf(chain: number): Record<string, unknown> {
  if (chain % 8 !== 6) return {}
  return { apply_discount_on: 'Grand Total', additional_discount_percentage: 5 }
}
