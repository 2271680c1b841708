import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  FieldValue,
  OperationInput,
  UndoConflict,
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
  const invoice = await workshop.make('Sales Invoice', business.invoice())
  const customer = documentOf(await workshop.admin.read('Customer', business.customer))
  const existing = (document: Record<string, unknown>) => ({
    name: String(document.name),
    base_modified: String(document.modified),
  })
  const changes = { customer_details: 'written by Steward', website: 'https://steward.test' }
  const operations = [
    operation({ action: 'create', doctype: 'Quotation', values: business.quotation() as Values }),
    operation({ action: 'submit', doctype: 'Sales Invoice', ...existing(invoice) }),
    operation({ action: 'update', doctype: 'Customer', ...existing(customer), values: changes }),
    operation({ action: 'delete', doctype: 'ToDo', ...existing(todo) }),
  ]
  const request = new StewardRequest(person.client)
  const outcomes = await request.done(operations)
  const quotation = outcomes[0]?.name ?? ''
  workshop.remember('Quotation', quotation)
  const [invoiceName, todoName] = [String(invoice.name), String(todo.name)]
  return { request, quotation, invoice: invoiceName, todo: todoName, todoText, operations }
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

async function findTodo(text: string): Promise<Record<string, unknown>[]> {
  const rows = await workshop.admin.list('ToDo', { filters: [['description', '=', text]] })
  for (const row of rows) workshop.remember('ToDo', String(row.name))
  return rows
}

async function expectUndone(done: Done, kept: { customer_details: string }): Promise<void> {
  expect((await workshop.admin.read('Quotation', done.quotation)).status).toBe(404)
  expect(documentOf(await workshop.admin.read('Sales Invoice', done.invoice)).docstatus).toBe(2)
  const customer = documentOf(await workshop.admin.read('Customer', business.customer))
  expect(customer.customer_details ?? '').toBe(kept.customer_details)
  expect(customer.website ?? '').toBe('')
  expect(await findTodo(done.todoText)).toHaveLength(1)
}

test('undo restores a draft, an invoice, a customer and a to-do; a later edit is a conflict and stays', async () => {
  const done = await fourKinds()
  expect(documentOf(await workshop.admin.read('Sales Invoice', done.invoice)).docstatus).toBe(1)
  expect((await workshop.admin.read('ToDo', done.todo)).status).toBe(404)

  const { preview, result } = await undoAll(done)
  expect(preview.conflicts).toEqual([])
  expect(preview.operations.map((shown) => shown.undoes)).toEqual(
    done.operations.map((applied) => applied.operation_id).reverse(),
  )
  expect(result).toMatchObject({ status: 'applied', repeated: false, conflicts: [] })
  await expectUndone(done, { customer_details: '' })

  const edited = await fourKinds()
  const theirs = { customer_details: 'written by someone else' }
  expect((await workshop.admin.update('Customer', business.customer, theirs)).status).toBe(200)
  const second = await undoAll(edited)
  for (const { conflicts } of [second.preview, second.result as { conflicts: UndoConflict[] }]) {
    expect(conflicts).toHaveLength(1)
    expect(conflicts[0]).toMatchObject({
      doctype: 'Customer',
      fieldname: 'customer_details',
      applied: 'written by Steward',
      current: 'written by someone else',
    })
  }
  expect(second.result.status).toBe('applied')
  await expectUndone(edited, theirs)
  await workshop.admin.update('Customer', business.customer, { customer_details: '' })
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
  for (const outcome of undone) expect(outcome.undone_by).toBe(ids[outcome.operation_id])
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
