import type { Workshop } from './workshop.ts'

/** Records that every ERPNext can hold, made for one test file. */
export interface Business {
  company: string
  currency: string
  customer: string
  otherCustomer: string
  item: string
  /** Name of the Item Price record behind `rate`. */
  itemPrice: string
  rate: number
  quotation(values?: Record<string, unknown>): Record<string, unknown>
  invoice(values?: Record<string, unknown>): Record<string, unknown>
}

const PRICE_LIST = 'Standard Selling'

export async function openBusiness(workshop: Workshop): Promise<Business> {
  const { tag } = workshop
  const company = await defaultCompany(workshop)
  const customer = await makeCustomer(workshop, `Steward Test ${tag} A`)
  const otherCustomer = await makeCustomer(workshop, `Steward Test ${tag} B`)
  const item = await makeItem(workshop, `STEWARD-TEST-${tag}`)
  const rate = 120
  const price = await workshop.make('Item Price', {
    item_code: item,
    price_list: PRICE_LIST,
    price_list_rate: rate,
  })
  return {
    ...company,
    customer,
    otherCustomer,
    item,
    itemPrice: String(price.name),
    rate,
    quotation: (values) => ({
      quotation_to: 'Customer',
      party_name: customer,
      company: company.company,
      items: [{ item_code: item, qty: 5 }],
      ...values,
    }),
    invoice: (values) => ({
      customer,
      company: company.company,
      items: [{ item_code: item, qty: 2, rate: 50 }],
      ...values,
    }),
  }
}

async function defaultCompany(workshop: Workshop): Promise<{ company: string; currency: string }> {
  const settings = await workshop.admin.call<{ default_company: string }>('frappe.client.get', {
    doctype: 'Global Defaults',
    name: 'Global Defaults',
  })
  const [row] = await workshop.admin.list('Company', {
    fields: ['name', 'default_currency'],
    filters: [['name', '=', settings.default_company]],
  })
  if (!row) throw new Error('the site has no default company')
  return { company: String(row.name), currency: String(row.default_currency) }
}

async function makeCustomer(workshop: Workshop, name: string): Promise<string> {
  const [group] = await workshop.admin.list('Customer Group', { filters: [['is_group', '=', 0]] })
  const [territory] = await workshop.admin.list('Territory', { filters: [['is_group', '=', 0]] })
  const made = await workshop.make('Customer', {
    customer_name: name,
    customer_type: 'Company',
    customer_group: group?.name,
    territory: territory?.name,
  })
  return String(made.name)
}

async function makeItem(workshop: Workshop, code: string): Promise<string> {
  const [group] = await workshop.admin.list('Item Group', { filters: [['is_group', '=', 0]] })
  const made = await workshop.make('Item', {
    item_code: code,
    item_name: `Test service ${code}`,
    item_group: group?.name,
    stock_uom: 'Nos',
    is_stock_item: 0,
  })
  return String(made.name)
}
