import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'

let workshop: SellingWorkshop
let item: string

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  const { tag } = workshop
  const [group] = await workshop.admin.list('Item Group', { filters: [['is_group', '=', 0]] })
  const made = await workshop.make('Item', {
    item_code: `STEWARD-UNIT-${tag}`,
    item_group: group?.name,
    stock_uom: 'Nos',
    is_stock_item: 0,
    uoms: [
      { uom: 'Nos', conversion_factor: 1 },
      { uom: 'Box', conversion_factor: 12 },
    ],
  })
  item = String(made.name)
})
afterAll(() => workshop.close())

const price = (values: Record<string, unknown>) =>
  workshop.make('Item Price', { item_code: item, price_list: 'Standard Selling', ...values })

/** The first row of a quotation for the item, as it was saved. */
async function quoted(row: Record<string, unknown>): Promise<Record<string, unknown>> {
  const values = workshop.business.quotation({ items: [{ item_code: item, qty: 2, ...row }] })
  const create = operation({ action: 'create', doctype: 'Quotation', values: values as never })
  const [outcome] = await new StewardRequest(workshop.admin).done([create])
  workshop.remember('Quotation', String(outcome?.name))
  const { items } = documentOf(await workshop.admin.read('Quotation', String(outcome?.name)))
  return (items as Record<string, unknown>[])[0] ?? {}
}

test('a unit without a price of its own costs as many stock units as it holds', async () => {
  await price({ price_list_rate: 10 })
  expect(await quoted({})).toMatchObject({ uom: 'Nos', price_list_rate: 10, stock_qty: 2 })
  const boxes = await quoted({ uom: 'Box' })
  expect(boxes).toMatchObject({ conversion_factor: 12, price_list_rate: 120, stock_qty: 24 })
})

test('a unit with a price of its own costs that', async () => {
  await price({ uom: 'Box', price_list_rate: 100 })
  expect(await quoted({ uom: 'Box' })).toMatchObject({ price_list_rate: 100, amount: 200 })
  expect(await quoted({})).toMatchObject({ price_list_rate: 10, amount: 20 })
})
