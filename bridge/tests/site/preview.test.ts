import { afterAll, beforeAll, expect, test } from 'vitest'
import { SellingWorkshop } from './support/selling.ts'
import { operation, StewardRequest } from './support/steward-client.ts'

let workshop: SellingWorkshop

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
})
afterAll(() => workshop.close())

/** All tables of the sandbox; on a real site, where others work too, all this person could have left. */
async function picture(): Promise<unknown> {
  if (workshop.target.sandbox) return workshop.target.sandbox.site.checksums()
  const doctypes = [
    'Quotation',
    'Sales Invoice',
    'GL Entry',
    'Payment Ledger Entry',
    'Comment',
    'Version',
    'Email Queue',
    'Deleted Document',
    'Steward Operation',
  ]
  const owned = [['owner', '=', workshop.person.user]]
  const counts = await Promise.all(doctypes.map((doctype) => workshop.countOf(doctype, owned)))
  return Object.fromEntries(doctypes.map((doctype, index) => [doctype, counts[index]]))
}

test('a preview shows what ERPNext would save and leaves nothing', async () => {
  const before = await picture()
  const request = new StewardRequest(workshop.person.client)
  const result = await request.previewed([workshop.newQuotation()])
  const [shown] = result.operations
  expect(shown).toMatchObject({ action: 'create', doctype: 'Quotation', name: null })
  const total = shown?.totals.find((field) => field.fieldname === 'grand_total')
  expect(Number(total?.after)).toBeGreaterThanOrEqual(5 * workshop.business.rate)
  const items = shown?.tables.find((table) => table.fieldname === 'items')
  expect(items?.rows[0]).toMatchObject({ change: 'added' })
  expect(items?.rows[0]?.cells.qty).toMatchObject({ after: 5, set_by: 'person' })
  expect(items?.rows[0]?.cells.rate).toMatchObject({
    after: workshop.business.rate,
    set_by: 'site',
  })
  expect(await picture()).toEqual(before)
})

test('a preview takes no number of the naming series', async () => {
  const number = (name: unknown) => Number(/(\d+)$/.exec(String(name))?.[1])
  const first = await workshop.make('Quotation', workshop.business.quotation())
  await new StewardRequest(workshop.person.client).previewed([workshop.newQuotation()])
  const second = await workshop.make('Quotation', workshop.business.quotation())
  expect(number(second.name)).toBe(number(first.name) + 1)
})

test('creating and submitting an invoice previews balanced ledger entries', async () => {
  const before = await picture()
  const create = workshop.newInvoice()
  const submit = operation({
    action: 'submit',
    doctype: 'Sales Invoice',
    name: { $ref: create.operation_id },
  })
  const result = await new StewardRequest(workshop.person.client).previewed([create, submit])
  const ledger = result.operations[1]?.ledger ?? []
  expect(ledger.length).toBeGreaterThanOrEqual(2)
  const sum = (column: 'debit' | 'credit') =>
    ledger.reduce((total, entry) => total + entry[column], 0)
  expect(sum('debit')).toBeGreaterThanOrEqual(100)
  expect(sum('debit')).toBeCloseTo(sum('credit'), 2)
  expect(await picture()).toEqual(before)
})

test('the same operation previewed twice, with another document in between, has one hash', async () => {
  const operations = [workshop.newQuotation()]
  const request = new StewardRequest(workshop.person.client)
  const first = await request.previewed(operations)
  await workshop.make('Quotation', workshop.business.quotation())
  const second = await request.previewed(operations)
  expect(second.hash).toBe(first.hash)
})

test('what ERPNext refuses is refused in the preview, with its own reason', async () => {
  const request = new StewardRequest(workshop.person.client)
  const missing = await request.preview([
    operation({
      action: 'create',
      doctype: 'ToDo',
      values: { allocated_to: workshop.person.user },
    }),
  ])
  expect(missing).toMatchObject({ status: 'refused', refusal: { exc_type: 'MandatoryError' } })
  const link = await request.preview([workshop.newQuotation({ party_name: 'Nobody of that name' })])
  expect(link.status).toBe('refused')
  const right = await request.preview([
    operation({ action: 'delete', doctype: 'Customer', name: workshop.business.customer }),
  ])
  expect(right).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
})

test('a stale base is refused', async () => {
  const todo = await workshop.make('ToDo', {
    description: 'stale',
    allocated_to: workshop.person.user,
  })
  await workshop.admin.update('ToDo', String(todo.name), { priority: 'High' })
  const result = await new StewardRequest(workshop.person.client).preview([
    operation({
      action: 'update',
      doctype: 'ToDo',
      name: String(todo.name),
      base_modified: String(todo.modified),
      values: { priority: 'Low' },
    }),
  ])
  expect(result).toMatchObject({ status: 'refused', refusal: { code: 'conflict' } })
})

test('a list is all or nothing', async () => {
  const first = workshop.newQuotation()
  const second = workshop.newQuotation({ items: [{ item_code: 'no such item', qty: 1 }] })
  const before = await workshop.countQuotations()
  const result = await new StewardRequest(workshop.person.client).preview([first, second])
  expect(result).toMatchObject({
    status: 'refused',
    refusal: { operation_id: second.operation_id },
  })
  expect(await workshop.countQuotations()).toBe(before)
})
