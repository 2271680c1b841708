import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import type { SiteClient } from './support/site-client.ts'
import { documentOf } from './support/site-client.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
let admin: SiteClient

beforeAll(async () => {
  workshop = await Workshop.open()
  admin = workshop.admin
  business = await openBusiness(workshop)
})
afterAll(() => workshop.close())

async function makeQuotation(values?: Record<string, unknown>): Promise<Record<string, unknown>> {
  return workshop.make('Quotation', business.quotation(values))
}

function rowsOf(document: Record<string, unknown>): Record<string, unknown>[] {
  return document.items as Record<string, unknown>[]
}

test('creating fills defaults, names the document and leaves nulls out', async () => {
  const made = await workshop.make('ToDo', {
    description: `made ${workshop.tag}`,
    name: 'wanted-name',
    nonsense: 'dropped',
  })
  expect(made).toMatchObject({ status: 'Open', priority: 'Medium', docstatus: 0, doctype: 'ToDo' })
  expect(made.name).not.toBe('wanted-name')
  expect(made).not.toHaveProperty('nonsense')
  expect(Object.values(made)).not.toContain(null)
  const full = await admin.call<Record<string, unknown>>('frappe.client.get', {
    doctype: 'ToDo',
    name: made.name,
  })
  expect(full).toHaveProperty('color', null)
})

test('a body key `data` is taken as the whole document', async () => {
  const wrapped = { data: { description: `wrapped ${workshop.tag}` } }
  const made = documentOf(await admin.create('ToDo', wrapped))
  workshop.remember('ToDo', String(made.name))
  expect(made.description).toBe(`wrapped ${workshop.tag}`)
})

test('updating changes what is sent and nothing else', async () => {
  const made = await workshop.make('ToDo', { description: 'before', priority: 'High' })
  const changed = documentOf(
    await admin.update('ToDo', String(made.name), { description: 'after' }),
  )
  expect(changed).toMatchObject({ description: 'after', priority: 'High', creation: made.creation })
  expect(String(changed.modified) > String(made.modified)).toBe(true)
})

test('a stale `modified` of a single is refused as well', async () => {
  const single = 'Steward Settings'
  const { grant_minutes } = documentOf(await admin.read(single, single))
  const stale = await admin.update(single, single, {
    grant_minutes,
    modified: '2020-01-01 00:00:00.000000',
  })
  expect([stale.status, stale.json?.exc_type]).toEqual([417, 'TimestampMismatchError'])
})

test('a stale `modified` is refused with TimestampMismatchError and changes nothing', async () => {
  const made = await workshop.make('ToDo', { description: 'first' })
  const name = String(made.name)
  documentOf(await admin.update('ToDo', name, { description: 'second', modified: made.modified }))
  const stale = await admin.update('ToDo', name, { description: 'third', modified: made.modified })
  expect(stale.status).toBe(417)
  expect(stale.json?.exc_type).toBe('TimestampMismatchError')
  expect(documentOf(await admin.read('ToDo', name)).description).toBe('second')
})

test('a posted child table replaces the stored one, row by row name', async () => {
  const made = await makeQuotation({
    items: [
      { item_code: business.item, qty: 1, rate: 10 },
      { item_code: business.item, qty: 2, rate: 20 },
    ],
  })
  const [first, second] = rowsOf(made)
  const changed = documentOf(
    await admin.update('Quotation', String(made.name), {
      items: [
        { ...second, qty: 7, idx: 1 },
        { item_code: business.item, qty: 3, rate: 30 },
      ],
    }),
  )
  const rows = rowsOf(changed)
  expect(rows.map((row) => [row.idx, row.qty])).toEqual([
    [1, 7],
    [2, 3],
  ])
  expect(rows[0]?.name).toBe(second?.name)
  expect(rows.map((row) => row.name)).not.toContain(first?.name)
  expect(changed.total).toBe(7 * 20 + 3 * 30)
})

test('leaving the table out leaves the rows alone', async () => {
  const made = await makeQuotation()
  const changed = documentOf(
    await admin.update('Quotation', String(made.name), { order_type: 'Maintenance' }),
  )
  expect(rowsOf(changed).map((row) => row.name)).toEqual(rowsOf(made).map((row) => row.name))
})

test('submit, then only marked fields may change, then cancel, then nothing', async () => {
  const made = await makeQuotation()
  const name = String(made.name)
  const submitted = documentOf(await admin.update('Quotation', name, { docstatus: 1 }))
  expect(submitted.docstatus).toBe(1)

  const refused = await admin.update('Quotation', name, { party_name: business.otherCustomer })
  expect(refused.status).toBe(417)
  expect(refused.json?.exc_type).toBe('UpdateAfterSubmitError')

  const back = await admin.update('Quotation', name, { docstatus: 0 })
  expect(back.json?.exc_type).toBe('DocstatusTransitionError')

  const removal = await admin.delete('Quotation', name)
  expect(removal.status).toBe(417)

  await admin.call('frappe.client.cancel', { doctype: 'Quotation', name })
  expect(documentOf(await admin.read('Quotation', name)).docstatus).toBe(2)
  const edited = await admin.update('Quotation', name, { order_type: 'Maintenance' })
  expect(edited.status).toBe(417)
})

test('run_method submit and frappe.client.submit submit too', async () => {
  const one = await makeQuotation()
  const answer = await admin.request('POST', `/api/resource/Quotation/${String(one.name)}`, {
    run_method: 'submit',
  })
  expect(documentOf(answer).docstatus).toBe(1)
  const two = await makeQuotation()
  const doc = await admin.call<Record<string, unknown>>('frappe.client.get', {
    doctype: 'Quotation',
    name: two.name,
  })
  expect(await admin.call('frappe.client.submit', { doc })).toMatchObject({ docstatus: 1 })
})

test('a draft cannot be cancelled', async () => {
  const made = await makeQuotation()
  const answer = await admin.update('Quotation', String(made.name), { docstatus: 2 })
  expect(answer.status).toBe(417)
  expect(answer.json?.exc_type).toBe('DocstatusTransitionError')
})

test('amending needs a cancelled document and gets its name with a number', async () => {
  const made = await makeQuotation()
  const name = String(made.name)
  const early = await admin.create('Quotation', business.quotation({ amended_from: name }))
  expect(early.status).toBe(417)

  documentOf(await admin.update('Quotation', name, { docstatus: 1 }))
  await admin.call('frappe.client.cancel', { doctype: 'Quotation', name })
  const amended = await makeQuotation({ amended_from: name })
  expect(amended).toMatchObject({ name: `${name}-1`, amended_from: name, docstatus: 0 })
})

test('deleting leaves a Deleted Document with the whole JSON; a second delete finds nothing', async () => {
  const made = await workshop.make('ToDo', { description: `gone ${workshop.tag}` })
  const name = String(made.name)
  const answer = await admin.delete('ToDo', name)
  expect(answer.status).toBe(202)
  expect(answer.json).toEqual({ data: 'ok' })
  const again = await admin.delete('ToDo', name)
  expect(again.status).toBe(404)
  const [record] = await admin.list('Deleted Document', {
    fields: ['name', 'data'],
    filters: [['deleted_name', '=', name]],
  })
  workshop.remember('Deleted Document', String(record?.name))
  expect(JSON.parse(String(record?.data))).toMatchObject({ name, description: made.description })
})

test('a document others link to is not deleted', async () => {
  await makeQuotation()
  const answer = await admin.delete('Item', business.item)
  expect(answer.status).toBe(417)
  expect(answer.json?.exc_type).toBe('LinkExistsError')
})

test('the number of a deleted last document is given out again', async () => {
  const made = await makeQuotation()
  expect((await admin.delete('Quotation', String(made.name))).status).toBe(202)
  const next = await makeQuotation()
  expect(next.name).toBe(made.name)
})

test('a failed creation takes no number of the series', async () => {
  const before = await makeQuotation()
  const failed = await admin.create('Quotation', business.quotation({ items: [] }))
  expect(failed.status).toBeGreaterThanOrEqual(417)
  const wrongLink = { items: [{ item_code: 'no such item', qty: 1 }] }
  expect(
    (await admin.create('Quotation', business.quotation(wrongLink))).status,
  ).toBeGreaterThanOrEqual(400)
  const after = await makeQuotation()
  expect(numberOf(after.name)).toBe(numberOf(before.name) + 1)
})

function numberOf(name: unknown): number {
  return Number(/(\d+)$/.exec(String(name))?.[1])
}

test('a row keeps the number it brings; only rows without one are counted on', async () => {
  const made = await makeQuotation({
    items: [
      { item_code: business.item, qty: 1, rate: 10 },
      { item_code: business.item, qty: 2, rate: 20 },
    ],
  })
  const kept = rowsOf(made)[1]
  const added = { item_code: business.item, qty: 3, rate: 30 }
  const changed = await admin.update('Quotation', String(made.name), { items: [kept, added] })
  expect(rowsOf(documentOf(changed)).map((row) => row.idx)).toEqual([2, 2])
})
