import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  FieldValue,
  OperationInput,
  UndoPreviewResult,
  UndoResult,
} from '../../src/shared/site-protocol.ts'
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
  // Cancelling an invoice takes a manager in ERPNext.
  const roles = ['Sales User', 'Accounts User', 'Accounts Manager', 'Steward User']
  person = await workshop.member('undo', roles)
})
afterAll(() => workshop.close())

type Values = Record<string, FieldValue>

interface Done {
  request: StewardRequest
  quotation: string
  invoice: string
  todo: string
  todoText: string
  operations: OperationInput[]
}

/** One request that creates a draft, submits an invoice, updates a customer and deletes a to-do. */
async function fourKinds(): Promise<Done> {
  const todoText = `to be deleted ${randomUUID()}`
  const todo = await workshop.make('ToDo', { description: todoText, allocated_to: person.user })
  const customer = documentOf(await workshop.admin.read('Customer', business.customer))
  const invoice = operation({
    action: 'create',
    doctype: 'Sales Invoice',
    values: business.invoice() as Values,
  })
  const operations = [
    operation({ action: 'create', doctype: 'Quotation', values: business.quotation() as Values }),
    invoice,
    operation({ action: 'submit', doctype: 'Sales Invoice', name: { $ref: invoice.operation_id } }),
    operation({
      action: 'update',
      doctype: 'Customer',
      name: business.customer,
      base_modified: String(customer.modified),
      values: { customer_details: 'written by Steward', website: 'https://steward.test' },
    }),
    operation({
      action: 'delete',
      doctype: 'ToDo',
      name: String(todo.name),
      base_modified: String(todo.modified),
    }),
  ]
  const request = new StewardRequest(person.client)
  const outcomes = await request.done(operations)
  const quotation = outcomes[0]?.name ?? ''
  const invoiceName = outcomes[1]?.name ?? ''
  workshop.remember('Quotation', quotation)
  workshop.remember('Sales Invoice', invoiceName)
  return { request, quotation, invoice: invoiceName, todo: String(todo.name), todoText, operations }
}

function undoIds(operations: OperationInput[]): Record<string, string> {
  return Object.fromEntries(operations.map(({ operation_id: id }) => [id, randomUUID()]))
}

type UndoPreviewed = Extract<UndoPreviewResult, { status: 'previewed' }>

function previewedOf(result: UndoPreviewResult): UndoPreviewed {
  if (result.status === 'previewed') return result
  throw new Error(JSON.stringify(result))
}

async function undoAll(done: Done): Promise<{ preview: UndoPreviewed; result: UndoResult }> {
  const undoId = randomUUID()
  const ids = undoIds(done.operations)
  const preview = previewedOf(await done.request.previewUndo(undoId, ids))
  const result = await done.request.undo(undoId, ids, preview.hash)
  return { preview, result }
}

/** A submitted invoice is cancelled, not deleted: that its creation stays is told, and is no conflict. */
function besidesInvoice(preview: UndoPreviewed, done: Done) {
  const creation = done.operations[1]?.operation_id
  return preview.conflicts.filter((conflict) => conflict.operation_id !== creation)
}

async function findTodo(text: string): Promise<Record<string, unknown>[]> {
  const rows = await workshop.admin.list('ToDo', { filters: [['description', '=', text]] })
  for (const row of rows) workshop.remember('ToDo', String(row.name))
  return rows
}

test('undo takes back a draft, a submitted invoice, a changed customer and a deleted to-do', async () => {
  const done = await fourKinds()
  expect(documentOf(await workshop.admin.read('Sales Invoice', done.invoice)).docstatus).toBe(1)
  expect((await workshop.admin.read('ToDo', done.todo)).status).toBe(404)

  const { preview, result } = await undoAll(done)
  expect(besidesInvoice(preview, done)).toEqual([])
  expect(preview.operations[0]?.undoes).toBe(done.operations.at(-1)?.operation_id)
  expect(result).toMatchObject({ status: 'applied', repeated: false })

  expect((await workshop.admin.read('Quotation', done.quotation)).status).toBe(404)
  expect(documentOf(await workshop.admin.read('Sales Invoice', done.invoice)).docstatus).toBe(2)
  const customer = documentOf(await workshop.admin.read('Customer', business.customer))
  expect(customer.customer_details ?? '').toBe('')
  expect(customer.website ?? '').toBe('')
  expect(await findTodo(done.todoText)).toHaveLength(1)
})

test('undo is previewed without a trace and done exactly once', async () => {
  const done = await fourKinds()
  const undoId = randomUUID()
  const ids = undoIds(done.operations)
  const first = previewedOf(await done.request.previewUndo(undoId, ids))
  expect(documentOf(await workshop.admin.read('Sales Invoice', done.invoice)).docstatus).toBe(1)
  const results = await Promise.all(
    Array.from({ length: 6 }, () => done.request.undo(undoId, ids, first.hash)),
  )
  expect(results.map((result) => result.status)).toEqual(Array(6).fill('applied'))
  expect(results.filter((result) => result.status === 'applied' && !result.repeated)).toHaveLength(
    1,
  )
  expect(await findTodo(done.todoText)).toHaveLength(1)
  const undone = await done.request.get(done.operations.map((entry) => entry.operation_id))
  const kept = done.operations[1]?.operation_id
  for (const outcome of undone) {
    if (outcome.operation_id === kept) continue
    expect(outcome.undone_by).toBe(ids[outcome.operation_id])
  }
})

test('a later edit by someone else is a conflict of that field, and the rest is restored', async () => {
  const done = await fourKinds()
  const edited = await workshop.admin.update('Customer', business.customer, {
    customer_details: 'written by someone else',
  })
  expect(edited.status).toBe(200)

  const { preview, result } = await undoAll(done)
  const conflicts = besidesInvoice(preview, done)
  expect(conflicts).toHaveLength(1)
  expect(conflicts[0]).toMatchObject({
    doctype: 'Customer',
    fieldname: 'customer_details',
    applied: 'written by Steward',
    current: 'written by someone else',
  })
  expect(result.status).toBe('applied')
  const customer = documentOf(await workshop.admin.read('Customer', business.customer))
  expect(customer.customer_details).toBe('written by someone else')
  expect(customer.website ?? '').toBe('')
  expect((await workshop.admin.read('Quotation', done.quotation)).status).toBe(404)
  expect(await findTodo(done.todoText)).toHaveLength(1)
  await workshop.admin.update('Customer', business.customer, { customer_details: '' })
})

test('every operation says how it could be undone', async () => {
  const request = new StewardRequest(person.client)
  const create = operation({
    action: 'create',
    doctype: 'Sales Invoice',
    values: business.invoice() as Values,
  })
  const submit = operation({
    action: 'submit',
    doctype: 'Sales Invoice',
    name: { $ref: create.operation_id },
  })
  const { operations } = await request.previewed([create, submit])
  expect(operations.map((shown) => shown.undo.class)).toEqual(['exact', 'compensating'])
  for (const shown of operations) expect(shown.undo.statement).not.toBe('')
})

test('what the person may not undo is listed with the reason, before anything is done', async () => {
  const clerk = await workshop.member('clerk', ['Sales User', 'Accounts User', 'Steward User'])
  const create = operation({
    action: 'create',
    doctype: 'Sales Invoice',
    values: business.invoice() as Values,
  })
  const submit = operation({
    action: 'submit',
    doctype: 'Sales Invoice',
    name: { $ref: create.operation_id },
  })
  const request = new StewardRequest(clerk.client)
  const [outcome] = await request.done([create, submit])
  workshop.remember('Sales Invoice', outcome?.name ?? '')
  const result = await request.previewUndo(randomUUID(), undoIds([create, submit]))
  expect(result.conflicts[0]).toMatchObject({
    operation_id: submit.operation_id,
    doctype: 'Sales Invoice',
    name: outcome?.name,
  })
  expect(result.conflicts[0]?.reason).toContain('ermission')
  const stored = await workshop.admin.read('Sales Invoice', outcome?.name ?? '')
  expect(documentOf(stored).docstatus).toBe(1)
})
