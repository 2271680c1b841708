import type { Document, SiteContext } from '../../site/contract.ts'
import { addDays } from '../dates.ts'
import { numberOf } from '../document-fields.ts'
import { book, draft, follow, on } from './book.ts'
import { COMPANY, ofCompany } from './ground.ts'
import { ITEMS } from './items.ts'
import { SUPPLIERS } from './parties.ts'
import type { Choices } from './random.ts'

const CHAINS = 20
const TAX = ofCompany('Input Tax 8%')
const GROUP_OF: Record<string, string> = { Consumables: 'Cleaning' }

/** What the shelves held at the start: counted once, fourteen months ago. */
export function seedOpeningStock(site: SiteContext, choices: Choices): void {
  book(site, {
    doctype: 'Stock Reconciliation',
    company: COMPANY,
    purpose: 'Opening Stock',
    expense_account: ofCompany('Temporary Opening'),
    ...on(addDays(site.today(), -430), 8),
    items: ITEMS.filter(([, , , , , buying]) => buying > 0).map(([code, , , , , buying]) => ({
      item_code: code,
      warehouse: ofCompany('Stores'),
      qty: choices.between(3, 6) * 10,
      valuation_rate: buying,
    })),
  })
}

/** Purchase orders that were received, billed and paid, some only half way. */
export function seedBuying(site: SiteContext, choices: Choices): void {
  const first = addDays(site.today(), -400)
  for (let chain = 0; chain < CHAINS; chain += 1) {
    const date = addDays(first, chain * 20 + choices.between(0, 4))
    runChain(site, chain, date, choices)
  }
}

function runChain(site: SiteContext, chain: number, date: string, choices: Choices): void {
  const [supplier, group] = SUPPLIERS[(chain * 3) % SUPPLIERS.length] ?? ['', '']
  if (group === 'Services') return expense(site, chain, date, supplier)
  const fromGroup = ITEMS.filter(([, , own]) => own === (GROUP_OF[group] ?? group))
  const start = choices.between(0, fromGroup.length - 2)
  const order = {
    doctype: 'Purchase Order',
    supplier,
    company: COMPANY,
    transaction_date: date,
    schedule_date: addDays(date, 10),
    taxes_and_charges: TAX,
    items: fromGroup.slice(start, start + 2).map(([code]) => ({
      item_code: code,
      qty: choices.between(2, 6) * 5,
      warehouse: ofCompany('Stores'),
    })),
  }
  if (chain === CHAINS - 1) return void draft(site, order)
  receive(site, chain, book(site, order), addDays(date, 9))
}

function receive(site: SiteContext, chain: number, order: Document, date: string): void {
  if (date > site.today() || chain % 9 === 5) return
  const receipt = follow(site, order, 'Purchase Receipt', on(date, 9))
  if (chain % 8 === 6) return
  const billed = addDays(date, 2)
  if (billed > site.today()) return
  const invoice = follow(site, receipt, 'Purchase Invoice', {
    ...on(billed),
    bill_no: `B-${7000 + chain * 17}`,
    bill_date: billed,
    due_date: addDays(billed, 30),
  })
  pay(site, chain, invoice, addDays(billed, 24))
}

function expense(site: SiteContext, chain: number, date: string, supplier: string): void {
  const account = supplier === 'Pinnacle Energy' ? 'Utilities' : 'Office Rent'
  const code = supplier === 'Lowther Freight' ? 'SVC-DELIVERY' : 'SVC-DISPOSAL'
  const invoice = book(site, {
    doctype: 'Purchase Invoice',
    supplier,
    company: COMPANY,
    bill_no: `S-${3000 + chain * 11}`,
    bill_date: date,
    due_date: addDays(date, 30),
    items: [
      { item_code: code, qty: 1, rate: 180 + chain * 9, expense_account: ofCompany(account) },
    ],
    ...on(date),
  })
  pay(site, chain, invoice, addDays(date, 21))
}

function pay(site: SiteContext, chain: number, invoice: Document, date: string): void {
  if (date > site.today() || chain % 6 === 4) return
  const owed = numberOf(site.getDoc('Purchase Invoice', invoice.name), 'outstanding_amount')
  book(site, {
    doctype: 'Payment Entry',
    payment_type: 'Pay',
    party_type: 'Supplier',
    party: invoice.supplier,
    company: COMPANY,
    posting_date: date,
    mode_of_payment: 'Wire Transfer',
    paid_from: ofCompany('Checking'),
    paid_to: ofCompany('Creditors'),
    paid_amount: owed,
    received_amount: owed,
    reference_no: `OUT-${500 + chain}`,
    reference_date: date,
    references: [
      {
        reference_doctype: 'Purchase Invoice',
        reference_name: invoice.name,
        allocated_amount: owed,
      },
    ],
  })
}
