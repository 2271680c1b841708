import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { FieldEffect, FieldValue } from '../../src/shared/site-protocol.ts'
import { messagesOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'

type Values = Record<string, FieldValue>
type Cells = Record<string, FieldEffect>

let workshop: SellingWorkshop
let supplier: string
const rules: string[] = []

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const { tag, business } = workshop
  const [group] = await workshop.admin.list('Supplier Group', { filters: [['is_group', '=', 0]] })
  const made = await workshop.make('Supplier', {
    supplier_name: `Steward Test ${tag} S`,
    supplier_group: group?.name,
  })
  supplier = String(made.name)
  await workshop.make('Item Price', {
    item_code: business.item,
    price_list: 'Standard Buying',
    price_list_rate: 80,
  })
})
afterEach(async () => {
  for (const name of rules.splice(0)) await workshop.admin.delete('Pricing Rule', name)
})
afterAll(() => workshop.close())

function ruleOf(values: Record<string, unknown>): Record<string, unknown> {
  return {
    title: `Steward Test ${workshop.tag}`,
    apply_on: 'Item Code',
    items: [{ item_code: workshop.business.item }],
    selling: 1,
    price_or_product_discount: 'Price',
    company: workshop.business.company,
    currency: workshop.business.currency,
    rate_or_discount: 'Discount Percentage',
    ...values,
  }
}

/** A rule for this test only. */
async function makeRule(values: Record<string, unknown>): Promise<string> {
  const made = await workshop.make('Pricing Rule', ruleOf(values))
  rules.push(String(made.name))
  return String(made.name)
}

function quotation(row: Values = {}, values: Values = {}) {
  const items = [{ item_code: workshop.business.item, qty: 5, ...row }]
  return workshop.newQuotation({ items, ...values })
}

async function cellsOf(asked: ReturnType<typeof operation>, client = workshop.person.client) {
  const { operations } = await new StewardRequest(client).previewed([asked])
  const items = operations[0]?.tables.find((table) => table.fieldname === 'items')
  return (items?.rows[0]?.cells ?? {}) as Cells
}

/** The rate of five pieces, or of so many, as the preview has it. */
async function rateOf(row: Values = {}, values: Values = {}): Promise<unknown> {
  return (await cellsOf(quotation(row, values))).rate?.after
}

test('a discount by rule is shown as ERPNext’s doing, over what the person said too', async () => {
  await makeRule({ discount_percentage: 10 })
  const cells = await cellsOf(quotation())
  expect(cells.price_list_rate).toMatchObject({ after: 120, set_by: 'site' })
  expect(cells.discount_percentage).toMatchObject({ after: 10, set_by: 'site' })
  expect(cells.rate).toMatchObject({ after: 108, set_by: 'site' })
  const given = await cellsOf(quotation({ rate: 100 }))
  expect(given.rate).toMatchObject({ asked: 100, after: 108, set_by: 'site_changed' })
  const discount = await cellsOf(quotation({ discount_percentage: 5 }))
  expect(discount.discount_percentage).toMatchObject({ after: 10, set_by: 'site_changed' })
})

test('what was previewed with a rule is what is saved, and the document names the rule', async () => {
  const name = await makeRule({ discount_percentage: 10 })
  const [outcome] = await new StewardRequest(workshop.person.client).done([quotation()])
  const saved = await workshop.admin.call<{ grand_total: number; pricing_rules: Values[] }>(
    'frappe.client.get',
    { doctype: 'Quotation', name: outcome?.name },
  )
  expect(saved.grand_total).toBe(540)
  expect(saved.pricing_rules).toMatchObject([{ pricing_rule: name, rule_applied: 1 }])
  await workshop.admin.delete('Quotation', String(outcome?.name))
})

test('an amount off, a rate and a margin by rule', async () => {
  const amount = await makeRule({ rate_or_discount: 'Discount Amount', discount_amount: 15 })
  expect(await rateOf()).toBe(105)
  expect(await rateOf({ rate: 100 })).toBe(105)
  await workshop.admin.update('Pricing Rule', amount, { rate_or_discount: 'Rate', rate: 80 })
  const cells = await cellsOf(quotation())
  expect(cells.price_list_rate).toMatchObject({ after: 80, set_by: 'site' })
  expect(cells.rate).toMatchObject({ after: 80, set_by: 'site' })
  await workshop.admin.update('Pricing Rule', amount, { disable: 1 })
  expect(await rateOf()).toBe(120)
  await makeRule({ margin_type: 'Percentage', margin_rate_or_amount: 25 })
  expect(await rateOf()).toBe(150)
})

test('a rule holds from and up to a quantity', async () => {
  await makeRule({ discount_percentage: 10, min_qty: 5, max_qty: 8 })
  expect(await rateOf({ qty: 4 })).toBe(120)
  expect(await rateOf({ qty: 5 })).toBe(108)
  expect(await rateOf({ qty: 8 })).toBe(108)
  expect(await rateOf({ qty: 9 })).toBe(120)
})

test('a rule holds for its customer, for its group of customers and those below', async () => {
  const { customer, otherCustomer } = workshop.business
  const name = await makeRule({ discount_percentage: 10, applicable_for: 'Customer', customer })
  expect(await rateOf()).toBe(108)
  expect(await rateOf({}, { party_name: otherCustomer })).toBe(120)
  await workshop.admin.update('Pricing Rule', name, {
    applicable_for: 'Customer Group',
    customer_group: 'All Customer Groups',
  })
  expect(await rateOf({}, { party_name: otherCustomer })).toBe(108)
})

test('a rule holds on its days', async () => {
  await makeRule({ discount_percentage: 10, valid_from: '2020-01-01', valid_upto: '2020-02-01' })
  expect(await rateOf()).toBe(120)
})

test('the item’s own rule comes before its group’s; of two alike the priority decides', async () => {
  await makeRule({
    discount_percentage: 30,
    apply_on: 'Item Group',
    items: [],
    item_groups: [{ item_group: 'All Item Groups' }],
  })
  expect(await rateOf()).toBe(84)
  const own = await makeRule({ discount_percentage: 10 })
  expect(await rateOf()).toBe(108)
  const other = await makeRule({ discount_percentage: 20 })
  const result = await new StewardRequest(workshop.person.client).preview([quotation()])
  expect(result).toMatchObject({ status: 'refused', refusal: { code: 'validation' } })
  const { message } = (result as { refusal: { message: string } }).refusal
  expect(message).toContain('please resolve conflict by assigning priority')
  expect(message).toContain(own)
  await workshop.admin.update('Pricing Rule', other, { has_priority: 1, priority: '3' })
  expect(await rateOf()).toBe(96)
})

test('who may ignore pricing rules does so on the document', async () => {
  await makeRule({ discount_percentage: 10 })
  const asked = quotation({}, { ignore_pricing_rule: 1 })
  expect((await cellsOf(asked, workshop.admin)).rate?.after).toBe(120)
})

test('a rule for buying prices a purchase order', async () => {
  await makeRule({ selling: 0, buying: 1, discount_percentage: 25 })
  expect(await rateOf()).toBe(120)
  const values = {
    supplier,
    company: workshop.business.company,
    schedule_date: '2099-01-01',
    items: [{ item_code: workshop.business.item, qty: 2 }],
  }
  const asked = operation({ action: 'create', doctype: 'Purchase Order', values })
  const cells = await cellsOf(asked, workshop.admin)
  expect(cells.rate).toMatchObject({ after: 60, set_by: 'site' })
})

test('a row keeps its rule when the quantity is changed afterwards', async () => {
  await makeRule({ discount_percentage: 10, min_qty: 5 })
  const made = await workshop.make('Quotation', workshop.business.quotation())
  const [row] = made.items as Values[]
  const cells = await cellsOf(
    operation({
      action: 'update',
      doctype: 'Quotation',
      name: String(made.name),
      base_modified: String(made.modified),
      values: { items: [{ name: String(row?.name), qty: 2 }] },
    }),
  )
  expect(cells.qty).toMatchObject({ before: 5, after: 2, set_by: 'person' })
  expect(cells.amount).toMatchObject({ before: 540, after: 216, set_by: 'site' })
})

test('a rule that makes no sense is refused with ERPNext’s reason', async () => {
  const refused = async (values: Record<string, unknown>) =>
    messagesOf(await workshop.admin.create('Pricing Rule', ruleOf(values)))[0]
  expect(await refused({ selling: 0 })).toMatch(
    /^At ?least one of the Selling or Buying must be selected$/,
  )
  expect(await refused({ min_qty: 5, max_qty: 2 })).toBe('Min Qty can not be greater than Max Qty')
  expect(await refused({ applicable_for: 'Customer' })).toBe('Customer is required')
  expect(await refused({ items: [] })).toBe('Item Code is not added in the table')
})
