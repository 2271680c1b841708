import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldValue } from '../../src/shared/site-protocol.ts'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'

type Values = Record<string, FieldValue>

let workshop: SellingWorkshop
let item: string
let from: string
let to: string

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const { tag, business } = workshop
  const [group] = await workshop.admin.list('Item Group', { filters: [['is_group', '=', 0]] })
  const made = await workshop.make('Item', {
    item_code: `STEWARD-STOCK-${tag}`,
    item_group: group?.name,
    stock_uom: 'Nos',
    is_stock_item: 1,
    valuation_rate: 7,
    uoms: [
      { uom: 'Nos', conversion_factor: 1 },
      { uom: 'Box', conversion_factor: 12 },
    ],
  })
  item = String(made.name)
  const warehouse = async (word: string) =>
    String(
      (
        await workshop.make('Warehouse', {
          warehouse_name: `Steward ${word} ${tag}`,
          company: business.company,
        })
      ).name,
    )
  from = await warehouse('From')
  to = await warehouse('To')
})
afterAll(() => workshop.close())

/** The row of a Stock Entry that was previewed, approved and saved as a draft. */
async function saved(values: Values, row: Values): Promise<Record<string, unknown>> {
  const [outcome] = await new StewardRequest(workshop.admin).done([create(values, row)])
  const name = String(outcome?.name)
  workshop.remember('Stock Entry', name)
  const { items } = documentOf(await workshop.admin.read('Stock Entry', name))
  return (items as Record<string, unknown>[])[0] ?? {}
}

async function refusal(values: Values, row: Values): Promise<string> {
  const answer = await new StewardRequest(workshop.admin).preview([create(values, row)])
  if (answer.status !== 'refused') throw new Error('not refused')
  return answer.refusal.message.replace(/<[^>]*>/g, '')
}

function create(values: Values, row: Values) {
  return operation({
    action: 'create',
    doctype: 'Stock Entry',
    values: { ...values, items: [{ item_code: item, ...row }] as never },
  })
}

test('a receipt needs an item, a quantity and where to; ERPNext fills in the rest', async () => {
  const row = await saved({ stock_entry_type: 'Material Receipt' }, { qty: 3, t_warehouse: to })
  expect(row).toMatchObject({ uom: 'Nos', stock_uom: 'Nos', conversion_factor: 1, transfer_qty: 3 })
  expect(row.basic_rate).toBe(7)
})

test('a transfer takes its warehouses from the header', async () => {
  const header = { from_warehouse: from, to_warehouse: to }
  const row = await saved({ stock_entry_type: 'Material Transfer', ...header }, { qty: 2 })
  expect(row).toMatchObject({ s_warehouse: from, t_warehouse: to, transfer_qty: 2 })
})

test('a unit that is not the stock unit is converted by the item, unless a factor is given', async () => {
  const type = { stock_entry_type: 'Material Receipt' }
  const boxes = await saved(type, { qty: 2, uom: 'Box', t_warehouse: to })
  expect(boxes).toMatchObject({ uom: 'Box', conversion_factor: 12, transfer_qty: 24 })
  const odd = await saved(type, { qty: 2, uom: 'Box', conversion_factor: 10, t_warehouse: to })
  expect(odd).toMatchObject({ conversion_factor: 10, transfer_qty: 20 })
  const wrong = await saved(type, { qty: 2, conversion_factor: 5, t_warehouse: to })
  expect(wrong).toMatchObject({ uom: 'Nos', conversion_factor: 1, transfer_qty: 2 })
})

test.each<[string, Values, RegExp]>([
  [
    'Material Transfer',
    { qty: 1, s_warehouse: 'from' },
    /^Target warehouse is mandatory for row 1/,
  ],
  ['Material Issue', { qty: 1 }, /^Source warehouse is mandatory for row 1/],
  ['Material Receipt', { qty: 1 }, /^Target warehouse is mandatory for row 1/],
  [
    'Material Receipt',
    { qty: 0, t_warehouse: 'to' },
    /^Row #1: Quantity for Item \S+ cannot be zero/,
  ],
])('a %s with %j is refused with what is missing', async (stock_entry_type, row, message) => {
  const places: Values = {
    ...(row.s_warehouse && { s_warehouse: from }),
    ...(row.t_warehouse && { t_warehouse: to }),
  }
  expect(await refusal({ stock_entry_type }, { ...row, ...places })).toMatch(message)
})
