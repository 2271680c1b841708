import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { FieldValue } from '../../src/shared/site-protocol.ts'
import { messagesOf } from './support/site-client.ts'
import { SellingWorkshop } from './support/selling.ts'
import { StewardRequest } from './support/steward-client.ts'

type Values = Record<string, FieldValue>

let workshop: SellingWorkshop
let account: string
let category: string
let ten: string
let twenty: string
const rules: string[] = []

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const { company } = workshop.business
  const [tax] = await workshop.admin.list('Account', {
    filters: [
      ['account_type', '=', 'Tax'],
      ['company', '=', company],
      ['is_group', '=', 0],
    ],
  })
  account = String(tax?.name)
  category = String(
    (await workshop.make('Tax Category', { title: `Steward Test ${workshop.tag}` })).name,
  )
  ten = await makeTemplate('ten', 10)
  twenty = await makeTemplate('twenty', 20)
})
afterEach(async () => {
  for (const name of rules.splice(0)) await workshop.admin.delete('Tax Rule', name)
  await workshop.admin.update('Item', workshop.business.item, { taxes: [] })
})
afterAll(() => workshop.close())

async function makeTemplate(word: string, rate: number): Promise<string> {
  const made = await workshop.make('Sales Taxes and Charges Template', {
    title: `Steward Test ${workshop.tag} ${word}`,
    company: workshop.business.company,
    taxes: [{ charge_type: 'On Net Total', account_head: account, rate, description: word }],
  })
  return String(made.name)
}

async function makeItemTemplate(word: string, rate: number): Promise<string> {
  const made = await workshop.make('Item Tax Template', {
    title: `Steward Test ${workshop.tag} ${word}`,
    company: workshop.business.company,
    taxes: [{ tax_type: account, tax_rate: rate }],
  })
  return String(made.name)
}

async function makeRule(values: Record<string, unknown>): Promise<string> {
  const { company } = workshop.business
  const made = await workshop.make('Tax Rule', { tax_type: 'Sales', company, ...values })
  rules.push(String(made.name))
  return String(made.name)
}

/** What the preview of a quotation of 600 says of its taxes. */
async function taxed(values: Values = {}) {
  const request = new StewardRequest(workshop.person.client)
  const { operations } = await request.previewed([workshop.newQuotation(values)])
  const shown = operations[0]
  return {
    template: shown?.fields.find(({ fieldname }) => fieldname === 'taxes_and_charges'),
    tax: shown?.totals.find(({ fieldname }) => fieldname === 'total_taxes_and_charges')?.after ?? 0,
    messages: shown?.messages.map(({ message }) => message) ?? [],
  }
}

test('a tax rule for the customer brings its template and taxes, as ERPNext’s doing', async () => {
  const { customer, otherCustomer } = workshop.business
  await makeRule({ sales_tax_template: ten, customer })
  const { template, tax } = await taxed()
  expect(template).toMatchObject({ after: ten, set_by: 'site' })
  expect(tax).toBe(60)
  expect(await taxed({ party_name: otherCustomer })).toMatchObject({ tax: 0 })
})

test('the template that a person names, and the taxes, come before the rule', async () => {
  await makeRule({ sales_tax_template: ten, customer: workshop.business.customer })
  const named = await taxed({ taxes_and_charges: twenty })
  expect(named.template).toMatchObject({ after: twenty, set_by: 'person' })
  expect(named.tax).toBe(120)
  const row = { charge_type: 'On Net Total', account_head: account, rate: 3, description: 'three' }
  expect(await taxed({ taxes: [row] })).toMatchObject({ tax: 18 })
})

test('a rule for a tax category holds for customers of that category', async () => {
  const { otherCustomer: party_name } = workshop.business
  await makeRule({ sales_tax_template: twenty, tax_category: category })
  expect(await taxed({ party_name })).toMatchObject({ tax: 0 })
  await workshop.admin.update('Customer', party_name, { tax_category: category })
  expect(await taxed({ party_name })).toMatchObject({ tax: 120 })
  await workshop.admin.update('Customer', party_name, { tax_category: '' })
})

test('of rules that say as much the priority decides, and only on their days', async () => {
  await makeRule({ sales_tax_template: ten, customer: workshop.business.customer })
  const groups = { customer_group: 'All Customer Groups', priority: 5 }
  const other = await makeRule({ sales_tax_template: twenty, ...groups })
  expect(await taxed()).toMatchObject({ tax: 120 })
  const days = { from_date: '2020-01-01', to_date: '2020-03-01' }
  await workshop.admin.update('Tax Rule', other, days)
  expect(await taxed()).toMatchObject({ tax: 60 })
})

test('a rule without a template, or like another one, is refused', async () => {
  const { customer, company } = workshop.business
  const name = await makeRule({ sales_tax_template: ten, customer })
  const refused = async (values: Record<string, unknown>) =>
    messagesOf(await workshop.admin.create('Tax Rule', { tax_type: 'Sales', company, ...values }))
  expect(await refused({ customer })).toEqual(['Tax Template is mandatory.'])
  expect(await refused({ customer, sales_tax_template: twenty })).toEqual([
    `Tax Rule Conflicts with ${name}`,
  ])
})

test('an item tax template changes the rate for its item, by tax category and day', async () => {
  const { item } = workshop.business
  const usual = await makeItemTemplate('usual', 2)
  const special = await makeItemTemplate('special', 4)
  const taxes = [
    { item_tax_template: usual },
    { item_tax_template: special, tax_category: category },
  ]
  await workshop.admin.update('Item', item, { taxes })
  const values = { taxes_and_charges: ten }
  expect(await taxed(values)).toMatchObject({ tax: 12 })
  expect(await taxed({ ...values, tax_category: category })).toMatchObject({ tax: 24 })
  const named = [{ item_code: item, qty: 5, item_tax_template: special }]
  const corrected = await taxed({ ...values, items: named })
  expect(corrected.tax).toBe(12)
  expect(corrected.messages).toContain(
    'Row 1: Item Tax template updated as per validity and rate applied',
  )
  for (const [valid_from, tax] of [
    ['2020-01-01', 24],
    ['2099-01-01', 12],
  ] as const) {
    const dated = [{ item_tax_template: usual }, { item_tax_template: special, valid_from }]
    await workshop.admin.update('Item', item, { taxes: dated })
    expect(await taxed(values)).toMatchObject({ tax })
  }
  const twice = { taxes: [{ item_tax_template: usual }, { item_tax_template: usual }] }
  const answer = await workshop.admin.update('Item', item, twice)
  expect(messagesOf(answer)[0]).toMatch(/entered twice\s+in Item Taxes/)
})
