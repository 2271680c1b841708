import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldValue, SiteRefusal } from '../../src/shared/site-protocol.ts'
import { dialectOf } from './support/dialect.ts'
import { messagesOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import { SellingWorkshop } from './support/selling.ts'

let workshop: SellingWorkshop

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
})
afterAll(() => workshop.close())

type Values = Record<string, FieldValue>

function order(values: Values): Values {
  const { customer, company, item } = workshop.business
  const items = [{ item_code: item, qty: 1 }]
  return { customer, company, delivery_date: '2035-01-31', items, ...values }
}

async function refusalOf(doctype: string, values: Values): Promise<SiteRefusal> {
  const request = new StewardRequest(workshop.person.client)
  const result = await request.preview([operation({ action: 'create', doctype, values })])
  if (result.status === 'refused') return result.refusal
  throw new Error(`${doctype} was not refused`)
}

test('an unknown item or party is not found, by name', async () => {
  const items = [{ item_code: 'STEWARD-NO-SUCH', qty: 1 }]
  const quotation = workshop.business.quotation({ items }) as Values
  for (const refusal of [
    await refusalOf('Quotation', quotation),
    await refusalOf('Sales Order', order({ items })),
  ]) {
    expect(refusal).toMatchObject({
      exc_type: 'DoesNotExistError',
      code: 'not_found',
      message: 'Item STEWARD-NO-SUCH not found',
    })
  }
  const nobody = await refusalOf('Sales Order', order({ customer: 'Steward Nobody' }))
  expect(nobody).toMatchObject({ code: 'not_found', message: 'Customer Steward Nobody not found' })

  const plain = await workshop.admin.create('Sales Order', order({ items }))
  const { unknownItem } = await dialectOf(workshop.admin)
  expect([plain.status, plain.json?.exc_type]).toEqual([unknownItem.status, unknownItem.type])
  expect(messagesOf(plain)).toEqual([unknownItem.message('STEWARD-NO-SUCH')])
})

test('a document without items says that they are missing', async () => {
  for (const [doctype, values] of [
    ['Quotation', workshop.business.quotation({ items: [] }) as Values],
    ['Sales Order', order({ items: [] })],
    ['Sales Invoice', workshop.business.invoice({ items: [] }) as Values],
  ] as const) {
    const refusal = await refusalOf(doctype, values)
    expect(refusal).toMatchObject({ exc_type: 'MandatoryError', code: 'mandatory' })
    expect(refusal.message).toContain(`Value missing for ${doctype}: Items`)
  }
})

test('a missing delivery date is asked for', async () => {
  const refusal = await refusalOf('Sales Order', order({ delivery_date: null }))
  expect(refusal).toMatchObject({ code: 'validation', message: 'Please enter Delivery Date' })
})
