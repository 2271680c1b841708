import type { SiteContext } from '../../site/contract.ts'
import { addDays, addMonths } from '../dates.ts'
import { numberOf } from '../document-fields.ts'
import { book, draft } from './book.ts'
import { COMPANY, ofCompany, put } from './ground.ts'

/** Leads, opportunities, to-dos, projects, issues and the bookings nobody sells. */
export function seedEveryday(site: SiteContext): void {
  seedJournal(site)
  seedLeads(site)
  seedWork(site)
  seedRequests(site)
}

function seedJournal(site: SiteContext): void {
  const entry = (date: string, remark: string, debit: string, credit: string, amount: number) =>
    book(site, {
      doctype: 'Journal Entry',
      voucher_type: 'Journal Entry',
      company: COMPANY,
      posting_date: date,
      user_remark: remark,
      accounts: [
        { account: ofCompany(debit), debit_in_account_currency: amount },
        { account: ofCompany(credit), credit_in_account_currency: amount },
      ],
    })
  const first = addDays(site.today(), -429)
  entry(first, 'Paid-in capital', 'Checking', 'Capital Stock', 150_000)
  const goods = openingStockValue(site)
  entry(first, 'Goods brought in', 'Temporary Opening', 'Capital Stock', goods)
  for (let month = 13; month >= 1; month -= 1) {
    const date = `${addMonths(site.today(), -month).slice(0, 8)}02`
    entry(date, 'Rent of warehouse and showroom', 'Office Rent', 'Checking', 950)
  }
}

/** What the first count of the shelves was worth. */
function openingStockValue(site: SiteContext): number {
  const entries = site.getAll('GL Entry', {
    filters: { account: ofCompany('Temporary Opening') },
    fields: ['credit'],
  })
  return entries.reduce((sum, row) => sum + numberOf(row, 'credit'), 0)
}

const LEADS: [first: string, last: string, company: string, territory: string, status: string][] = [
  ['Mara', 'Silva', 'Silva Ceramics', 'West', 'Open'],
  ['Piet', 'Vos', 'Vos Rentals', 'North', 'Replied'],
  ['Lena', 'Ruiz', 'Ruiz & Daughters', 'South', 'Interested'],
  ['Omar', 'Haddad', 'Haddad Catering', 'East', 'Open'],
  ['Sofia', 'Nilsen', 'Nilsen Fitness', 'West', 'Lead'],
  ['Theo', 'Marsh', 'Marsh Accounting', 'North', 'Do Not Contact'],
  ['Uma', 'Patel', 'Patel Pharmacy', 'South', 'Interested'],
  ['Victor', 'Lang', 'Lang Studios', 'East', 'Open'],
]

function seedLeads(site: SiteContext): void {
  const names = LEADS.map(([first, last, company, territory, status]) =>
    put(site, 'Lead', {
      first_name: first,
      last_name: last,
      company_name: company,
      territory,
      status,
      company: COMPANY,
      email_id: `${first.toLowerCase()}@${company.toLowerCase().replace(/[^a-z]+/g, '')}.example`,
      source: 'Website',
      lead_owner: 'ivy@example.com',
    }),
  )
  names.slice(0, 4).forEach((lead, index) => {
    draft(site, {
      doctype: 'Opportunity',
      opportunity_from: 'Lead',
      party_name: lead,
      company: COMPANY,
      status: 'Open',
      opportunity_type: 'Sales',
      sales_stage: index % 2 ? 'Qualification' : 'Proposal/Price Quote',
      transaction_date: addDays(site.today(), -40 + index * 9),
      expected_closing: addDays(site.today(), 20 + index * 10),
      probability: 30 + index * 15,
      opportunity_amount: 1_800 + index * 1_250,
    })
  })
}

const TO_DOS: [text: string, priority: string, days: number, who: string][] = [
  ['Call Thornbury Hotel about the overdue invoice', 'High', -2, 'olga@example.com'],
  ['Send the new price list to Marlow Print Works', 'Medium', 3, 'ivy@example.com'],
  ['Check delivery date of the oak desks', 'Medium', 1, 'raj@example.com'],
  ['Prepare the quarterly stock count', 'Low', 14, 'raj@example.com'],
  ['Renew the showroom lease', 'High', 25, 'nadia@example.com'],
  ['Visit Sable Ridge Winery', 'Medium', 6, 'tom@example.com'],
  ['Collect feedback from Juniper Street Deli', 'Low', 9, 'tom@example.com'],
  ['Reconcile the bank statement', 'High', 0, 'olga@example.com'],
]

function seedWork(site: SiteContext): void {
  for (const [description, priority, days, who] of TO_DOS) {
    const date = addDays(site.today(), days)
    const values = {
      description,
      priority,
      date,
      allocated_to: who,
      assigned_by: 'nadia@example.com',
    }
    put(site, 'ToDo', { ...values, status: 'Open' })
  }
  const project = draft(site, {
    doctype: 'Project',
    project_name: 'Showroom refit',
    company: COMPANY,
    status: 'Open',
    priority: 'Medium',
    expected_start_date: addDays(site.today(), -30),
    expected_end_date: addDays(site.today(), 60),
  }).name
  for (const [subject, status, days] of [
    ['Choose the flooring', 'Completed', -12],
    ['Order the acoustic screens', 'Working', 5],
    ['Plan the opening evening', 'Open', 40],
    ['Repaint the entrance', 'Overdue', -4],
  ] as const) {
    const end = addDays(site.today(), days)
    const values = { subject, status, project, exp_end_date: end, priority: 'Medium' }
    draft(site, { doctype: 'Task', ...values, company: COMPANY })
  }
  for (const [subject, customer, status] of [
    ['Desk arrived with a scratched top', 'Bluebird Bakery', 'Open'],
    ['Wrong toner delivered', 'Pemberton Law', 'Replied'],
    ['Chair wobbles', 'Cedar Hill School', 'Closed'],
  ] as const) {
    const values = { subject, customer, status, priority: 'Medium', raised_by: 'help@example.com' }
    draft(site, { doctype: 'Issue', ...values, company: COMPANY })
  }
  draft(site, {
    doctype: 'Event',
    subject: 'Supplier day',
    event_type: 'Public',
    starts_on: `${addDays(site.today(), 18)} 09:00:00`,
    ends_on: `${addDays(site.today(), 18)} 17:00:00`,
  })
}

function seedRequests(site: SiteContext): void {
  book(site, {
    doctype: 'Material Request',
    material_request_type: 'Purchase',
    company: COMPANY,
    transaction_date: addDays(site.today(), -6),
    schedule_date: addDays(site.today(), 8),
    items: [
      { item_code: 'CHAIR-TASK', qty: 20, warehouse: ofCompany('Stores') },
      { item_code: 'DESK-140', qty: 10, warehouse: ofCompany('Stores') },
    ],
  })
  book(site, {
    doctype: 'Supplier Quotation',
    supplier: 'Norling Seating',
    company: COMPANY,
    transaction_date: addDays(site.today(), -3),
    valid_till: addDays(site.today(), 27),
    items: [{ item_code: 'CHAIR-TASK', qty: 20, rate: 99.5, warehouse: ofCompany('Stores') }],
  })
}
