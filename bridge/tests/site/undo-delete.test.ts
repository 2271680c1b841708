import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OperationInput } from '../../src/shared/site-protocol.ts'
import { openBusiness } from './support/business.ts'
import type { Business } from './support/business.ts'
import { documentOf } from './support/site-client.ts'
import { operation, StewardRequest } from './support/steward-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let business: Business
let person: Member

beforeAll(async () => {
  workshop = await Workshop.open()
  business = await openBusiness(workshop)
  const roles = ['Sales User', 'Sales Manager', 'Sales Master Manager', 'Item Manager']
  person = await workshop.member('undelete', [...roles, 'Steward User'])
})
afterAll(() => workshop.close())

interface Leaving {
  customer: string
  contact: string
  fileUrl: string
  content: string
  comment: string
  todo: string
}

/** A customer with a contact of its own, an attachment, a comment, an assignment, a tag and a share. */
async function leavingCustomer(): Promise<Leaving> {
  const mark = randomUUID().slice(0, 8)
  const customer = await make('Customer', {
    customer_name: `Leaving ${mark}`,
    customer_type: 'Company',
  })
  const refers = { reference_doctype: 'Customer', reference_name: customer }
  const links = [{ link_doctype: 'Customer', link_name: customer }]
  const contact = await make('Contact', { first_name: `Leaving Contact ${mark}`, links })
  const comment = await make('Comment', { comment_type: 'Comment', content: mark, ...refers })
  const todo = await make('ToDo', {
    description: `call ${mark}`,
    allocated_to: person.user,
    reference_type: 'Customer',
    reference_name: customer,
  })
  await make('Tag', { name: `leaving-${mark}`, __newname: `leaving-${mark}` })
  const tagged = { document_type: 'Customer', document_name: customer, tag: `leaving-${mark}` }
  documentOf(await workshop.admin.create('Tag Link', tagged))
  const shared = { share_doctype: 'Customer', share_name: customer, user: person.user, read: 1 }
  documentOf(await workshop.admin.create('DocShare', shared))
  const content = `kept ${mark}`
  const fileUrl = await attach(customer, `contract-${mark}.txt`, content)
  return { customer, contact, fileUrl, content, comment, todo }
}

async function make(doctype: string, values: Record<string, unknown>): Promise<string> {
  return String((await workshop.make(doctype, values)).name)
}

async function attach(customer: string, fileName: string, content: string): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([content], { type: 'text/plain' }), fileName)
  form.append('is_private', '1')
  form.append('doctype', 'Customer')
  form.append('docname', customer)
  const answer = await workshop.admin.request('POST', '/api/method/upload_file', form)
  return String((answer.json?.message as { file_url: string }).file_url)
}

async function deletionOf(doctype: string, name: string): Promise<OperationInput> {
  const { modified } = documentOf(await workshop.admin.read(doctype, name))
  return operation({ action: 'delete', doctype, name, base_modified: String(modified) })
}

async function undone(request: StewardRequest, deletion: OperationInput) {
  const [undoId, ids] = [randomUUID(), { [deletion.operation_id]: randomUUID() }]
  const preview = await request.previewUndo(undoId, ids)
  if (preview.status !== 'previewed') throw new Error(JSON.stringify(preview))
  const result = await request.undo(undoId, ids, preview.hash)
  if (result.status !== 'applied') throw new Error(JSON.stringify(result))
  return { preview, result }
}

/** How many of each kind hang on the customer. */
async function hangingOn(customer: string): Promise<Record<string, number>> {
  const by = (type: string, name: string) => [
    [type, '=', 'Customer'],
    [name, '=', customer],
  ]
  const kinds: [string, unknown[]][] = [
    ['File', by('attached_to_doctype', 'attached_to_name')],
    ['Comment', [...by('reference_doctype', 'reference_name'), ['comment_type', '=', 'Comment']]],
    ['ToDo', by('reference_type', 'reference_name')],
    ['Tag Link', by('document_type', 'document_name')],
    ['DocShare', by('share_doctype', 'share_name')],
  ]
  const counts = kinds.map(async ([doctype, filters]) => [
    doctype,
    (await workshop.admin.list(doctype, { filters })).length,
  ])
  return Object.fromEntries(await Promise.all(counts)) as Record<string, number>
}

test('a deleted customer comes back with all that hung on it', async () => {
  const leaving = await leavingCustomer()
  const request = new StewardRequest(person.client)
  const deletion = await deletionOf('Customer', leaving.customer)
  const { operations } = await request.previewed([deletion])
  for (const words of [
    'attachments (1)',
    'comments (1)',
    'assignments (1)',
    'shares (1)',
    leaving.contact,
  ]) {
    expect(operations[0]?.undo.statement).toContain(words)
  }
  const before = await hangingOn(leaving.customer)
  expect(before).toEqual({ File: 1, Comment: 1, ToDo: 1, 'Tag Link': 1, DocShare: 1 })

  await request.done([deletion])
  expect(Object.values(await hangingOn(leaving.customer))).toEqual([0, 0, 0, 0, 0])
  expect((await workshop.admin.read('Contact', leaving.contact)).status).toBe(404)
  expect((await workshop.admin.request('GET', leaving.fileUrl)).status).not.toBe(200)

  const { preview, result } = await undone(request, deletion)
  expect(preview.conflicts).toEqual([])
  expect(result.conflicts).toEqual([])
  expect(await hangingOn(leaving.customer)).toEqual(before)
  const comment = documentOf(await workshop.admin.read('Comment', leaving.comment))
  expect(comment.owner).toBe('Administrator')
  expect(documentOf(await workshop.admin.read('ToDo', leaving.todo)).allocated_to).toBe(person.user)
  expect((await workshop.admin.request('GET', leaving.fileUrl)).text).toBe(leaving.content)
  const contact = documentOf(await workshop.admin.read('Contact', leaving.contact))
  expect((contact.links as { link_name: string }[])[0]?.link_name).toBe(leaving.customer)
})

test('a deleted cancelled order comes back cancelled, row by row', async () => {
  const order = await workshop.make('Sales Order', {
    customer: business.customer,
    company: business.company,
    delivery_date: '2035-01-31',
    transaction_date: '2026-01-31',
    items: [{ item_code: business.item, qty: 3, rate: 20, delivery_date: '2035-01-31' }],
  })
  const name = String(order.name)
  for (const method of ['submit', 'cancel']) {
    await workshop.admin.request('POST', `/api/resource/Sales Order/${name}`, {
      run_method: method,
    })
  }
  const before = documentOf(await workshop.admin.read('Sales Order', name))
  expect(before.docstatus).toBe(2)
  const request = new StewardRequest(person.client)
  const deletion = await deletionOf('Sales Order', name)
  const { operations } = await request.previewed([deletion])
  expect(operations[0]?.undo.statement).toContain('cancelled as it is')
  await request.done([deletion])
  const { preview } = await undone(request, deletion)
  expect(preview.operations[0]).toMatchObject({ docstatus_after: 2, replacement_name: null })
  expect(documentOf(await workshop.admin.read('Sales Order', name))).toEqual(before)
})

test('a deleted item gets its prices back', async () => {
  const item = await workshop.make('Item', {
    item_code: `LEAVING-${randomUUID().slice(0, 8)}`,
    item_group: 'Services',
    stock_uom: 'Nos',
    is_stock_item: 0,
  })
  const price = await workshop.make('Item Price', {
    item_code: item.name,
    price_list: 'Standard Selling',
    price_list_rate: 12.5,
  })
  const request = new StewardRequest(person.client)
  const deletion = await deletionOf('Item', String(item.name))
  await request.done([deletion])
  expect((await workshop.admin.read('Item Price', String(price.name))).status).toBe(404)
  await undone(request, deletion)
  const again = documentOf(await workshop.admin.read('Item Price', String(price.name)))
  expect(again.price_list_rate).toBe(12.5)
})

test('an attachment that is too large is said before the approval and after the undo', async () => {
  const mark = randomUUID().slice(0, 8)
  const customer = await make('Customer', {
    customer_name: `Leaving ${mark}`,
    customer_type: 'Company',
  })
  await attach(customer, `scan-${mark}.txt`, 'x'.repeat(9 * 1024 * 1024))
  const request = new StewardRequest(person.client)
  const deletion = await deletionOf('Customer', customer)
  const { operations } = await request.previewed([deletion])
  const loss = `Attachment scan-${mark}.txt: too large to keep (9.0 MB)`
  expect(operations[0]?.undo.statement).toContain(`Cannot be brought back: ${loss}`)
  await request.done([deletion])
  const { preview, result } = await undone(request, deletion)
  for (const { conflicts } of [preview, result]) {
    expect(conflicts.map((conflict) => conflict.reason)).toEqual([`Not brought back: ${loss}`])
  }
})
