import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { OperationInput } from '../../src/shared/site-protocol.ts'
import { dialectOf } from './support/dialect.ts'
import { SellingWorkshop } from './support/selling.ts'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import type { Member } from './support/workshop.ts'

let workshop: SellingWorkshop
let colleague: Member

beforeAll(async () => {
  workshop = await SellingWorkshop.openSelling()
  colleague = await workshop.approver('colleague')
})
afterAll(() => workshop.close())

test('applying makes the document as the person, and tells where it is', async () => {
  const [outcome] = await new StewardRequest(workshop.person.client).done([workshop.newQuotation()])
  expect(outcome).toMatchObject({ state: 'applied', docstatus: 0, person: workshop.person.user })
  const made = documentOf(await workshop.admin.read('Quotation', outcome?.name ?? ''))
  expect(made).toMatchObject({
    owner: workshop.person.user,
    party_name: workshop.business.customer,
  })
  const { desk } = await dialectOf(workshop.admin)
  expect(outcome?.path).toBe(`${desk}/quotation/${outcome?.name}`)
})

test('the same id sent 20 times at once makes one document', async () => {
  const operations = [workshop.newQuotation({ order_type: 'Shopping Cart' })]
  const request = new StewardRequest(workshop.person.client)
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
    ['party_name', '=', workshop.business.customer],
    ['order_type', '=', 'Shopping Cart'],
  ]
  expect(await workshop.countOf('Quotation', mine)).toBe(1)
})

test('an apply whose answer was lost is repeated without a second document', async () => {
  const operations = [workshop.newQuotation({ order_type: 'Maintenance' })]
  const request = new StewardRequest(workshop.person.client)
  const { hash } = await request.previewed(operations)
  await loseAnswer(operations, hash, request)
  const again = await request.apply(operations, hash)
  expect(again).toMatchObject({ status: 'applied' })
  const mine = [
    ['party_name', '=', workshop.business.customer],
    ['order_type', '=', 'Maintenance'],
  ]
  expect(await workshop.countOf('Quotation', mine)).toBe(1)
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
  const sid = workshop.person.client.cookie('sid') ?? ''
  const sent = fetch(`${workshop.url}/api/method/${STEWARD_METHODS.apply}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `sid=${sid}` },
    body: JSON.stringify({ request_id: request.id, operations, hash }),
    signal: AbortSignal.timeout(60),
  })
  await expect(sent).rejects.toThrow()
}

test('a changed price saves nothing and gives the new preview, which can be approved', async () => {
  const operations = [workshop.newQuotation({ order_type: 'Sales' })]
  const request = new StewardRequest(workshop.person.client)
  const { hash } = await request.previewed(operations)
  const before = await workshop.countQuotations()
  await workshop.admin.update('Item Price', workshop.business.itemPrice, { price_list_rate: 135 })
  const changed = await request.apply(operations, hash)
  await workshop.admin.update('Item Price', workshop.business.itemPrice, {
    price_list_rate: workshop.business.rate,
  })
  if (changed.status !== 'changed' || changed.preview.status !== 'previewed') {
    throw new Error(JSON.stringify(changed))
  }
  const items = changed.preview.operations[0]?.tables.find((table) => table.fieldname === 'items')
  expect(items?.rows[0]?.cells.rate?.after).toBe(135)
  expect(changed.preview.hash).not.toBe(hash)
  expect(await workshop.countQuotations()).toBe(before)
  // The price is back, so the first hash holds again, under the same id.
  expect(await request.apply(operations, hash)).toMatchObject({ status: 'applied' })
})

test('a used id with another hash or by another person is a conflict', async () => {
  const operations = [workshop.newQuotation()]
  const request = new StewardRequest(workshop.person.client)
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
  const operations = [workshop.newQuotation()]
  const request = new StewardRequest(workshop.person.client)
  const { hash } = await request.previewed(operations)
  const { outcomes } = await request.reject(operations)
  expect(outcomes[0]?.state).toBe('rejected')
  const before = await workshop.countQuotations()
  expect((await request.apply(operations, hash)).status).toBe('rejected')
  expect(await workshop.countQuotations()).toBe(before)
})

test('reject and apply at once end in one state that both agree on', async () => {
  for (let round = 0; round < 4; round += 1) {
    const operations = [workshop.newQuotation()]
    const request = new StewardRequest(workshop.person.client)
    const { hash } = await request.previewed(operations)
    const before = await workshop.countQuotations()
    const [applied, rejected] = await Promise.all([
      request.apply(operations, hash),
      request.reject(operations),
    ])
    const [final] = await request.get([operations[0]?.operation_id ?? ''])
    expect(applied.status).toBe(final?.state)
    expect(rejected.outcomes[0]?.state).toBe(final?.state)
    expect(await workshop.countQuotations()).toBe(before + (final?.state === 'applied' ? 1 : 0))
  }
})

test('an id the site never saw is unknown', async () => {
  const [outcome] = await new StewardRequest(workshop.person.client).get(['never-seen-id-0001'])
  expect(outcome?.state).toBe('unknown')
})

test('who lacks the role Steward User cannot apply', async () => {
  const viewer = await workshop.member('viewer', ['Sales User'])
  const request = new StewardRequest(viewer.client)
  const operations = [workshop.newQuotation()]
  const before = await workshop.countQuotations()
  const result = await request.apply(operations, '0'.repeat(64))
  expect(result).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
  expect(await workshop.countQuotations()).toBe(before)
})

test('an order is made from a submitted quotation by ERPNext’s own function', async () => {
  const quotation = workshop.newQuotation()
  const submit = operation({
    action: 'submit',
    doctype: 'Quotation',
    name: { $ref: quotation.operation_id },
  })
  const [made] = await new StewardRequest(workshop.person.client).done([quotation, submit])
  const mappings = await workshop.person.client.call<{ to_doctype: string; method: string }[]>(
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
  const [outcome] = await new StewardRequest(workshop.person.client).done([order])
  const stored = documentOf(await workshop.admin.read('Sales Order', outcome?.name ?? ''))
  expect(stored).toMatchObject({
    customer: workshop.business.customer,
    total: 5 * workshop.business.rate,
  })
})

test('the rows of Steward Operation cannot be made, changed or deleted by hand', async () => {
  const operations = [workshop.newQuotation()]
  await new StewardRequest(workshop.person.client).done(operations)
  const id = operations[0]?.operation_id ?? ''
  expect((await workshop.admin.read('Steward Operation', id)).status).toBe(200)
  expect(
    (await workshop.admin.update('Steward Operation', id, { state: 'rejected' })).status,
  ).toBeGreaterThanOrEqual(400)
  expect((await workshop.admin.delete('Steward Operation', id)).status).toBeGreaterThanOrEqual(400)
})
