import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type {
  AggregateQuery,
  AggregateResult,
  DoctypeDescription,
  DoctypeMatch,
  SiteIdentity,
  SiteWords,
} from '../../src/shared/site-protocol.ts'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { documentOf, type SiteClient } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
/** Confined to one customer. */
let seller: Member

beforeAll(async () => {
  workshop = await Workshop.open()
  business = await openBusiness(workshop)
  seller = await workshop.member('seller', ['Sales User', 'Steward User'])
  for (const customer of [business.customer, business.customer, business.otherCustomer]) {
    await workshop.make('Sales Order', {
      customer,
      company: business.company,
      delivery_date: '2030-01-01',
      items: [{ item_code: business.item, qty: 2, rate: 70, delivery_date: '2030-01-01' }],
    })
  }
  await workshop.make('User Permission', {
    user: seller.user,
    allow: 'Customer',
    for_value: business.customer,
    apply_to_all_doctypes: 1,
  })
})
afterAll(() => workshop.close())

function aggregate(client: SiteClient, query: AggregateQuery): Promise<AggregateResult> {
  return client.call(STEWARD_METHODS.aggregate, { query })
}

const PER_CUSTOMER = (): AggregateQuery => ({
  doctype: 'Sales Order',
  filters: [['customer', 'in', [business.customer, business.otherCustomer]]],
  group_by: ['customer'],
  measures: [
    { function: 'count', as: 'orders' },
    { function: 'sum', field: 'total', as: 'worth' },
  ],
  order_by: 'worth desc',
})

test('aggregates count exactly the rows the list gives', async () => {
  const all = await aggregate(workshop.admin, PER_CUSTOMER())
  expect(all.rows).toHaveLength(2)
  expect(all.rows[0]).toMatchObject({ customer: business.customer, orders: 2, worth: 280 })

  const narrowed = await aggregate(seller.client, PER_CUSTOMER())
  expect(narrowed.rows).toHaveLength(1)
  const listed = await seller.client.list('Sales Order', { limit_page_length: 0 })
  const total = await aggregate(seller.client, {
    doctype: 'Sales Order',
    measures: [{ function: 'count', as: 'n' }],
  })
  expect(total.rows[0]?.n).toBe(listed.length)
})

test('aggregates over child rows and by month', async () => {
  const byItem = await aggregate(workshop.admin, {
    doctype: 'Sales Order',
    filters: [['customer', '=', business.customer]],
    group_by: ['items.item_code'],
    measures: [{ function: 'sum', field: 'items.qty', as: 'quantity' }],
  })
  expect(byItem.rows).toHaveLength(1)
  expect(byItem.rows[0]?.quantity).toBe(4)
  const byMonth = await aggregate(workshop.admin, {
    doctype: 'Sales Order',
    filters: [['customer', '=', business.customer]],
    group_by: ['delivery_date:month'],
    measures: [{ function: 'count', as: 'n' }],
  })
  expect(byMonth.rows).toHaveLength(1)
  expect(Object.values(byMonth.rows[0] ?? {}).join(' ')).toContain('2030-01')
})

test('a closed doctype cannot be counted', async () => {
  const query: AggregateQuery = {
    doctype: 'Journal Entry',
    measures: [{ function: 'count', as: 'n' }],
  }
  const answer = await seller.client.request('POST', `/api/method/${STEWARD_METHODS.aggregate}`, {
    query,
  })
  expect(answer.status).toBe(403)
})

test('describe_doctype tells fields, rights and make functions of this person', async () => {
  const describe = (client: SiteClient) =>
    client.call<DoctypeDescription>(STEWARD_METHODS.describe, { doctype: 'Quotation' })
  const mine = await describe(seller.client)
  expect(mine).toMatchObject({ doctype: 'Quotation', is_submittable: true, is_single: false })
  expect(mine.permissions).toMatchObject({ read: true, create: true, submit: true })
  const items = mine.fields.find((field) => field.fieldname === 'items')
  expect(items?.fieldtype).toBe('Table')
  expect(items?.fields?.map((field) => field.fieldname)).toContain('item_code')
  expect(mine.mappings.map((mapping) => mapping.to_doctype)).toContain('Sales Order')
  const closed = await seller.client.request('POST', `/api/method/${STEWARD_METHODS.describe}`, {
    doctype: 'Journal Entry',
  })
  expect(closed.status).toBe(403)
})

test('find_doctype forgives typing errors and offers only what may be read', async () => {
  const find = (words: string) =>
    seller.client.call<DoctypeMatch[]>(STEWARD_METHODS.findDoctype, { words })
  expect((await find('sales order'))[0]?.doctype).toBe('Sales Order')
  expect((await find('quotaton'))[0]?.doctype).toBe('Quotation')
  const found = await find('journal entry')
  expect(found.map((match) => match.doctype)).not.toContain('Journal Entry')
})

test('site_words lists the doctypes and reports of this person', async () => {
  const words = await seller.client.call<SiteWords>(STEWARD_METHODS.siteWords)
  const names = words.doctypes.map((entry) => entry.doctype)
  expect(names).toContain('Quotation')
  expect(names).not.toContain('Journal Entry')
  expect(words.version).not.toBe('')
  const again = await seller.client.call<SiteWords>(STEWARD_METHODS.siteWords)
  expect(again.version).toBe(words.version)
})

test('whoami tells who calls and how', async () => {
  const identity = await seller.client.call<SiteIdentity>(STEWARD_METHODS.whoami)
  expect(identity).toMatchObject({
    user: seller.user,
    email: seller.user,
    authentication: 'cookie',
    user_type: 'System User',
    steward_client: false,
    default_company: business.company,
  })
  expect(identity.roles).toEqual(expect.arrayContaining(['Sales User', 'Steward User']))
  expect(identity.roles).not.toContain('System Manager')
  expect(identity.time_zone).toMatch(/^[\w+-]+(\/[\w+-]+)*$/)
})

test('whoami tells how the site writes numbers and dates for this person', async () => {
  const settings = documentOf(await workshop.admin.read('System Settings', 'System Settings'))
  const identity = await seller.client.call<SiteIdentity>(STEWARD_METHODS.whoami)
  const { date_format, time_format, number_format, display_time_zone } = identity
  expect({ date_format, time_format, number_format }).toEqual({
    date_format: settings.date_format,
    time_format: settings.time_format,
    number_format: settings.number_format,
  })
  expect(display_time_zone).toBe(identity.time_zone)
  expect(identity.float_precision).toBe(Number(settings.float_precision || 3))
  const precision = settings.currency_precision
  expect(identity.currency_precision).toBe(precision ? Number(precision) : null)
  expect(identity.currencies?.[business.currency]?.symbol).toMatch(/\S/)

  await workshop.admin.update('User', seller.user, { time_zone: 'Asia/Kolkata' })
  const moved = await seller.client.call<SiteIdentity>(STEWARD_METHODS.whoami)
  expect(moved).toMatchObject({ display_time_zone: 'Asia/Kolkata', time_zone: identity.time_zone })
})
