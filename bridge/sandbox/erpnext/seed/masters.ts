import type { SiteContext } from '../../site/contract.ts'
import { COMPANY, ofCompany, put } from './ground.ts'
import { ITEMS } from './items.ts'
import { CUSTOMERS, SUPPLIERS } from './parties.ts'
import type { Choices } from './random.ts'

const STREETS = ['Mill Lane', 'Harbour Road', 'Station Street', 'Orchard Way', 'Canal Walk']
const TOWNS = ['Eastport', 'Millbrook', 'Ashford', 'Kingsbay', 'Westhaven']
const FIRST = [
  'Anna',
  'Bruno',
  'Carla',
  'David',
  'Elena',
  'Felix',
  'Greta',
  'Hugo',
  'Iris',
  'Jonas',
]
const LAST = ['Abel', 'Berg', 'Costa', 'Dahl', 'Ehlers', 'Fontana', 'Gill', 'Hart', 'Ito', 'Jansen']

/** Customers and suppliers with address and contact, items with prices in three lists. */
export function seedMasters(site: SiteContext, choices: Choices): void {
  CUSTOMERS.forEach(([name, group, territory, terms], index) => {
    const isEuropean = territory === 'Europe'
    put(site, 'Customer', {
      customer_name: name,
      customer_type: name === 'Grete Holm Design' ? 'Individual' : 'Company',
      customer_group: group,
      territory,
      payment_terms: terms ?? 'Net 14',
      default_currency: isEuropean ? 'EUR' : 'USD',
      default_price_list: group === 'Education' ? 'Wholesale' : null,
      accounts: isEuropean ? [{ company: COMPANY, account: ofCompany('Debtors EUR') }] : [],
      tax_id: `US${(4_100_000 + index * 7919) % 9_999_999}`,
    })
    addContact(site, 'Customer', name, index, choices)
  })
  SUPPLIERS.forEach(([name, group], index) => {
    put(site, 'Supplier', { supplier_name: name, supplier_group: group, supplier_type: 'Company' })
    addContact(site, 'Supplier', name, index + 3, choices)
  })
  seedItems(site)
}

function addContact(
  site: SiteContext,
  type: 'Customer' | 'Supplier',
  party: string,
  index: number,
  choices: Choices,
): void {
  const links = [{ link_doctype: type, link_name: party }]
  const first = FIRST[index % FIRST.length] ?? 'Anna'
  const last = LAST[(index * 3) % LAST.length] ?? 'Abel'
  const domain = `${party.toLowerCase().replace(/[^a-z]+/g, '-')}.example`
  const email = `${first.toLowerCase()}@${domain}`
  put(site, 'Address', {
    address_title: party,
    address_type: 'Billing',
    address_line1: `${choices.between(1, 240)} ${choices.pick(STREETS)}`,
    city: choices.pick(TOWNS),
    country: party === 'Grete Holm Design' ? 'Germany' : 'United States',
    links,
  })
  const contact = put(site, 'Contact', {
    first_name: first,
    last_name: last,
    email_ids: [{ email_id: email, is_primary: 1 }],
    links,
  })
  const primary = type === 'Customer' ? 'customer_primary_contact' : 'supplier_primary_contact'
  site.dbSet(type, party, { [primary]: contact, email_id: email }, false)
}

function seedItems(site: SiteContext): void {
  const from = `${Number(site.today().slice(0, 4)) - 2}-01-01`
  const price = (item: string, list: string, rate: number) =>
    put(site, 'Item Price', {
      item_code: item,
      price_list: list,
      price_list_rate: rate,
      valid_from: from,
    })
  for (const [code, name, group, unit, selling, buying] of ITEMS) {
    put(site, 'Item', {
      item_code: code,
      item_name: name,
      item_group: group,
      stock_uom: unit,
      is_stock_item: buying ? 1 : 0,
      is_sales_item: 1,
      is_purchase_item: 1,
      valuation_rate: buying,
      ...(buying ? {} : { item_defaults: serviceDefaults() }),
    })
    price(code, 'Standard Selling', selling)
    if (buying) price(code, 'Standard Buying', buying)
    price(code, 'Wholesale', Math.round(selling * 92) / 100)
  }
}

function serviceDefaults() {
  return [{ company: COMPANY, income_account: ofCompany('Service') }]
}
