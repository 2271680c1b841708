import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { FieldValue, OperationInput } from '../../src/shared/site-protocol.ts'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
let person: Member
let colleague: Member

beforeAll(async () => {
  workshop = await Workshop.open()
  business = await openBusiness(workshop)
  const roles = ['Sales User', 'Accounts User', 'Steward User']
  person = await workshop.member('person', roles)
  colleague = await workshop.member('colleague', roles)
})
afterAll(async () => {
  await forget('Sales Invoice', 'customer')
  await forget('Sales Order', 'customer')
  await forget('Quotation', 'party_name')
  await workshop.close()
})

/** What the tests applied is found by its customer and taken away. */
async function forget(doctype: string, field: string): Promise<void> {
  const filters = [[field, 'in', [business.customer, business.otherCustomer]]]
  const rows = await workshop.admin.list(doctype, {
    filters,
    order_by: 'creation asc',
    limit_page_length: 0,
  })
  for (const row of rows) workshop.remember(doctype, String(row.name))
}

type Values = Record<string, FieldValue>

function newQuotation(values?: Values): OperationInput {
  const quotation = business.quotation(values) as Values
  return operation({ action: 'create', doctype: 'Quotation', values: quotation })
}

function newInvoice(): OperationInput {
  const values = business.invoice() as Values
  return operation({ action: 'create', doctype: 'Sales Invoice', values })
}

/** Quotations to the customers of this file: others may be selling at the same time. */
function countQuotations(): Promise<number> {
  return countOf('Quotation', [['party_name', 'in', [business.customer, business.otherCustomer]]])
}

async function countOf(doctype: string, filters: unknown[] = []): Promise<number> {
  return workshop.admin.call('frappe.client.get_count', { doctype, filters })
}

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
  const owned = [['owner', '=', person.user]]
  const counts = await Promise.all(doctypes.map((doctype) => countOf(doctype, owned)))
  return Object.fromEntries(doctypes.map((doctype, index) => [doctype, counts[index]]))
}

test('a preview shows what ERPNext would save and leaves nothing', async () => {
  const before = await picture()
  const request = new StewardRequest(person.client)
  const result = await request.previewed([newQuotation()])
  const [shown] = result.operations
  expect(shown).toMatchObject({ action: 'create', doctype: 'Quotation', name: null })
  const total = shown?.totals.find((field) => field.fieldname === 'grand_total')
  expect(Number(total?.after)).toBeGreaterThanOrEqual(5 * business.rate)
  const items = shown?.tables.find((table) => table.fieldname === 'items')
  expect(items?.rows[0]).toMatchObject({ change: 'added' })
  expect(items?.rows[0]?.cells.qty).toMatchObject({ after: 5, set_by: 'person' })
  expect(items?.rows[0]?.cells.rate).toMatchObject({ after: business.rate, set_by: 'site' })
  expect(await picture()).toEqual(before)
})

test('a preview takes no number of the naming series', async () => {
  const number = (name: unknown) => Number(/(\d+)$/.exec(String(name))?.[1])
  const first = await workshop.make('Quotation', business.quotation())
  await new StewardRequest(person.client).previewed([newQuotation()])
  const second = await workshop.make('Quotation', business.quotation())
  expect(number(second.name)).toBe(number(first.name) + 1)
})

test('creating and submitting an invoice previews balanced ledger entries', async () => {
  const before = await picture()
  const create = newInvoice()
  const submit = operation({
    action: 'submit',
    doctype: 'Sales Invoice',
    name: { $ref: create.operation_id },
  })
  const result = await new StewardRequest(person.client).previewed([create, submit])
  const ledger = result.operations[1]?.ledger ?? []
  expect(ledger.length).toBeGreaterThanOrEqual(2)
  const sum = (column: 'debit' | 'credit') =>
    ledger.reduce((total, entry) => total + entry[column], 0)
  expect(sum('debit')).toBeGreaterThanOrEqual(100)
  expect(sum('debit')).toBeCloseTo(sum('credit'), 2)
  expect(await picture()).toEqual(before)
})

test('the same operation previewed twice, with another document in between, has one hash', async () => {
  const operations = [newQuotation()]
  const request = new StewardRequest(person.client)
  const first = await request.previewed(operations)
  await workshop.make('Quotation', business.quotation())
  const second = await request.previewed(operations)
  expect(second.hash).toBe(first.hash)
})

test('applying makes the document as the person, and tells where it is', async () => {
  const [outcome] = await new StewardRequest(person.client).done([newQuotation()])
  expect(outcome).toMatchObject({ state: 'applied', docstatus: 0, person: person.user })
  const made = documentOf(await workshop.admin.read('Quotation', outcome?.name ?? ''))
  expect(made).toMatchObject({ owner: person.user, party_name: business.customer })
  expect(outcome?.path).toBe(`/app/quotation/${outcome?.name}`)
})

test('the same id sent 20 times at once makes one document', async () => {
  const operations = [newQuotation({ order_type: 'Shopping Cart' })]
  const request = new StewardRequest(person.client)
  const { hash } = await request.previewed(operations)
  const results = await Promise.all(
    Array.from({ length: 20 }, () => request.apply(operations, hash)),
  )
  const names = results.map((result) =>
    result.status === 'applied' ? result.outcomes[0]?.name : result,
  )
  expect(new Set(names).size).toBe(1)
  expect(typeof names[0]).toBe('string')
  const repeated = results.filter((result) => result.status === 'applied' && result.repeated)
  expect(repeated).toHaveLength(19)
  const mine = [
    ['party_name', '=', business.customer],
    ['order_type', '=', 'Shopping Cart'],
  ]
  expect(await countOf('Quotation', mine)).toBe(1)
})

test('an apply whose answer was lost is repeated without a second document', async () => {
  const operations = [newQuotation({ order_type: 'Maintenance' })]
  const request = new StewardRequest(person.client)
  const { hash } = await request.previewed(operations)
  await loseAnswer(operations, hash, request)
  const again = await request.apply(operations, hash)
  expect(again).toMatchObject({ status: 'applied' })
  const mine = [
    ['party_name', '=', business.customer],
    ['order_type', '=', 'Maintenance'],
  ]
  expect(await countOf('Quotation', mine)).toBe(1)
  const [outcome] = await request.get([operations[0]?.operation_id ?? ''])
  expect(outcome?.state).toBe('applied')
})

/** The sandbox drops the connection after its commit; a real site is hung up on while it works. */
async function loseAnswer(
  operations: OperationInput[],
  hash: string,
  request: StewardRequest,
): Promise<void> {
  const { sandbox } = workshop.target
  if (sandbox) {
    const path = STEWARD_METHODS.apply
    sandbox.faults.add({ kind: 'timeout_after_commit', path, count: 1 })
    await expect(request.apply(operations, hash)).rejects.toThrow()
    return
  }
  const sid = person.client.cookie('sid') ?? ''
  const sent = fetch(`${workshop.url}/api/method/${STEWARD_METHODS.apply}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `sid=${sid}` },
    body: JSON.stringify({ request_id: request.id, operations, hash }),
    signal: AbortSignal.timeout(60),
  })
  await expect(sent).rejects.toThrow()
}

test('a changed price saves nothing and gives the new preview, which can be approved', async () => {
  const operations = [newQuotation({ order_type: 'Sales' })]
  const request = new StewardRequest(person.client)
  const { hash } = await request.previewed(operations)
  const before = await countQuotations()
  await workshop.admin.update('Item Price', business.itemPrice, { price_list_rate: 135 })
  const changed = await request.apply(operations, hash)
  await workshop.admin.update('Item Price', business.itemPrice, { price_list_rate: business.rate })
  if (changed.status !== 'changed' || changed.preview.status !== 'previewed') {
    throw new Error(JSON.stringify(changed))
  }
  const items = changed.preview.operations[0]?.tables.find((table) => table.fieldname === 'items')
  expect(items?.rows[0]?.cells.rate?.after).toBe(135)
  expect(changed.preview.hash).not.toBe(hash)
  expect(await countQuotations()).toBe(before)
  // The price is back, so the first hash holds again, under the same id.
  expect(await request.apply(operations, hash)).toMatchObject({ status: 'applied' })
})

test('a used id with another hash or by another person is a conflict', async () => {
  const operations = [newQuotation()]
  const request = new StewardRequest(person.client)
  const { hash } = await request.previewed(operations)
  expect(await request.apply(operations, hash)).toMatchObject({ status: 'applied' })
  const otherHash = await request.apply(
    operations,
    hash.replace(/^./, hash.startsWith('0') ? '1' : '0'),
  )
  expect(otherHash.status).toBe('conflict')
  const otherPerson = await new StewardRequest(colleague.client).apply(operations, hash)
  expect(otherPerson.status).toBe('conflict')
})

test('a rejected id is never applied, and says so', async () => {
  const operations = [newQuotation()]
  const request = new StewardRequest(person.client)
  const { hash } = await request.previewed(operations)
  const { outcomes } = await request.reject(operations)
  expect(outcomes[0]?.state).toBe('rejected')
  const before = await countQuotations()
  expect((await request.apply(operations, hash)).status).toBe('rejected')
  expect(await countQuotations()).toBe(before)
})

test('reject and apply at once end in one state that both agree on', async () => {
  for (let round = 0; round < 4; round += 1) {
    const operations = [newQuotation()]
    const request = new StewardRequest(person.client)
    const { hash } = await request.previewed(operations)
    const before = await countQuotations()
    const [applied, rejected] = await Promise.all([
      request.apply(operations, hash),
      request.reject(operations),
    ])
    const [final] = await request.get([operations[0]?.operation_id ?? ''])
    expect(applied.status).toBe(final?.state)
    expect(rejected.outcomes[0]?.state).toBe(final?.state)
    expect(await countQuotations()).toBe(before + (final?.state === 'applied' ? 1 : 0))
  }
})

test('an id the site never saw is unknown', async () => {
  const [outcome] = await new StewardRequest(person.client).get(['never-seen-id-0001'])
  expect(outcome?.state).toBe('unknown')
})

test('what ERPNext refuses is refused in the preview, with its own reason', async () => {
  const request = new StewardRequest(person.client)
  const missing = await request.preview([
    operation({ action: 'create', doctype: 'ToDo', values: { allocated_to: person.user } }),
  ])
  expect(missing).toMatchObject({ status: 'refused', refusal: { exc_type: 'MandatoryError' } })
  const link = await request.preview([newQuotation({ party_name: 'Nobody of that name' })])
  expect(link.status).toBe('refused')
  const right = await request.preview([
    operation({ action: 'delete', doctype: 'Customer', name: business.customer }),
  ])
  expect(right).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
})

test('a stale base is refused', async () => {
  const todo = await workshop.make('ToDo', { description: 'stale', allocated_to: person.user })
  await workshop.admin.update('ToDo', String(todo.name), { priority: 'High' })
  const result = await new StewardRequest(person.client).preview([
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
  const first = newQuotation()
  const second = newQuotation({ items: [{ item_code: 'no such item', qty: 1 }] })
  const before = await countQuotations()
  const result = await new StewardRequest(person.client).preview([first, second])
  expect(result).toMatchObject({
    status: 'refused',
    refusal: { operation_id: second.operation_id },
  })
  expect(await countQuotations()).toBe(before)
})

test('who lacks the role Steward User cannot apply', async () => {
  const viewer = await workshop.member('viewer', ['Sales User'])
  const request = new StewardRequest(viewer.client)
  const operations = [newQuotation()]
  const before = await countQuotations()
  const result = await request.apply(operations, '0'.repeat(64))
  expect(result).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
  expect(await countQuotations()).toBe(before)
})

test('an order is made from a submitted quotation by ERPNext’s own function', async () => {
  const quotation = newQuotation()
  const submit = operation({
    action: 'submit',
    doctype: 'Quotation',
    name: { $ref: quotation.operation_id },
  })
  const [made] = await new StewardRequest(person.client).done([quotation, submit])
  const mappings = await person.client.call<{ to_doctype: string; method: string }[]>(
    STEWARD_METHODS.listMappings,
    { doctype: 'Quotation' },
  )
  const method = mappings.find((mapping) => mapping.to_doctype === 'Sales Order')?.method ?? ''
  const order = operation({
    action: 'create',
    doctype: 'Sales Order',
    source: { method, doctype: 'Quotation', name: made?.name ?? '' },
    values: { delivery_date: '2030-01-01' },
  })
  const [outcome] = await new StewardRequest(person.client).done([order])
  const stored = documentOf(await workshop.admin.read('Sales Order', outcome?.name ?? ''))
  expect(stored).toMatchObject({ customer: business.customer, total: 5 * business.rate })
})

test('the rows of Steward Operation cannot be made, changed or deleted by hand', async () => {
  const operations = [newQuotation()]
  await new StewardRequest(person.client).done(operations)
  const id = operations[0]?.operation_id ?? ''
  expect((await workshop.admin.read('Steward Operation', id)).status).toBe(200)
  expect(
    (await workshop.admin.update('Steward Operation', id, { state: 'rejected' })).status,
  ).toBeGreaterThanOrEqual(400)
  expect((await workshop.admin.delete('Steward Operation', id)).status).toBeGreaterThanOrEqual(400)
})
