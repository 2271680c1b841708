import { beforeAll, describe, expect, it } from 'vitest'
import { erpnextApp } from '../../sandbox/erpnext/index.ts'
import { createSite, type Site } from '../../sandbox/site/index.ts'
import { stewardApp } from '../../sandbox/steward/index.ts'
import type {
  ApplyResult,
  OperationInput,
  PreviewResult,
  UndoPreviewResult,
  UndoResult,
} from '../../src/shared/site-protocol.ts'

const IVY = 'ivy@example.com'
const NADIA = 'nadia@example.com'
let site: Site
let count = 0

const newId = () => `operation-${(count += 1)}-${'x'.repeat(6)}`

function call<T>(method: string, args: Record<string, unknown>, user = IVY): T {
  const found = stewardApp.methods.find((entry) => entry.name === `steward.api.${method}`)
  if (!found) throw new TypeError(`No method ${method}`)
  return site.run(user, (session) => found.run(session, args)) as T
}

function quotation(more: Record<string, unknown> = {}): OperationInput {
  return {
    operation_id: newId(),
    action: 'create',
    doctype: 'Quotation',
    values: {
      quotation_to: 'Customer',
      party_name: 'Marlow Fitters',
      items: [{ item_code: 'DESK-140', qty: 5, discount_percentage: 10 }],
      ...more,
    },
  }
}

function previewOf(operations: OperationInput[], user = IVY) {
  const result = call<PreviewResult>('operations.preview', { request_id: 'r', operations }, user)
  if (result.status !== 'previewed') throw new Error(JSON.stringify(result.refusal))
  return result
}

function applyOf(operations: OperationInput[], user = IVY, requestId = 'request-1') {
  const { hash } = previewOf(operations, user)
  return call<ApplyResult>('operations.apply', { request_id: requestId, operations, hash }, user)
}

function nameOf(result: ApplyResult): string {
  if (result.status !== 'applied') throw new Error(JSON.stringify(result))
  return result.outcomes[0]?.name ?? ''
}

beforeAll(() => {
  site = createSite([erpnextApp, stewardApp])
})

describe('a preview', () => {
  it('shows prices, totals and who set what, and leaves every table as it was', () => {
    const before = site.checksums()
    const { operations } = previewOf([quotation()])
    expect(site.checksums()).toEqual(before)
    const [card] = operations
    const totals = Object.fromEntries(card?.totals.map((row) => [row.fieldname, row.after]) ?? [])
    expect(totals.net_total).toBe(1480.5)
    const cells = card?.tables.find((table) => table.fieldname === 'items')?.rows[0]?.cells
    expect(cells?.rate).toMatchObject({ after: 296.1, set_by: 'site' })
    expect(cells?.qty).toMatchObject({ after: 5, asked: 5, set_by: 'person' })
    expect(card?.undo).toMatchObject({ class: 'exact', allowed: true })
  })

  it('has the same hash after another document was created in between', () => {
    const operation = quotation()
    const first = previewOf([operation])
    applyOf([quotation()])
    expect(previewOf([operation]).hash).toBe(first.hash)
  })

  it('shows balanced ledger entries of a submitted invoice made in the same list', () => {
    const create: OperationInput = {
      operation_id: newId(),
      action: 'create',
      doctype: 'Sales Invoice',
      values: { customer: 'Kestrel Cycles', items: [{ item_code: 'SVC-INSTALL', qty: 3 }] },
    }
    const submit: OperationInput = {
      operation_id: newId(),
      action: 'submit',
      doctype: 'Sales Invoice',
      name: { $ref: create.operation_id },
    }
    const before = site.checksums()
    const first = previewOf([create, submit])
    expect(site.checksums()).toEqual(before)
    const ledger = first.operations[1]?.ledger ?? []
    expect(ledger.map((row) => [row.account, row.debit, row.credit])).toEqual([
      ['Debtors - HT', 225, 0],
      ['Service - HT', 0, 225],
    ])
    expect(previewOf([create, submit]).hash).toBe(first.hash)
  })

  it('is refused with the background job as reason for a count of more than 100 rows', () => {
    const items = Array.from({ length: 101 }, (_row, index) => ({
      item_code: `MANY-${index}`,
      warehouse: 'Stores - HT',
      qty: 1,
      valuation_rate: 1,
    }))
    const name = site.run('Administrator', (session) => {
      for (const { item_code } of items) {
        session.insert({ doctype: 'Item', item_code, item_group: 'Stationery', stock_uom: 'Nos' })
      }
      const values = { purpose: 'Stock Reconciliation', company: 'Harbourlight Trading', items }
      return session.insert({ doctype: 'Stock Reconciliation', ...values }).name
    })
    const operation: OperationInput = {
      operation_id: newId(),
      action: 'submit',
      doctype: 'Stock Reconciliation',
      name,
    }
    const before = site.checksums()
    const result = call<PreviewResult>(
      'operations.preview',
      { request_id: 'r', operations: [operation] },
      NADIA,
    )
    expect(result).toMatchObject({ status: 'refused', refusal: { code: 'background_job' } })
    expect(site.checksums()).toEqual(before)
  })

  it('is refused with the inner commit as reason for a payment request', () => {
    const invoice = site.read('Administrator', (session) =>
      session.getAll('Sales Invoice', { filters: { status: 'Overdue' }, limit_page_length: 1 }),
    )[0]?.name as string
    const create: OperationInput = {
      operation_id: newId(),
      action: 'create',
      doctype: 'Payment Request',
      values: {
        payment_request_type: 'Inward',
        reference_doctype: 'Sales Invoice',
        reference_name: invoice,
        grand_total: 10,
        currency: 'USD',
      },
    }
    const submit: OperationInput = {
      operation_id: newId(),
      action: 'submit',
      doctype: 'Payment Request',
      name: { $ref: create.operation_id },
    }
    const result = call<PreviewResult>(
      'operations.preview',
      { request_id: 'r', operations: [create, submit] },
      NADIA,
    )
    expect(result).toMatchObject({
      status: 'refused',
      refusal: { code: 'inner_commit', operation_id: submit.operation_id },
    })
  })

  it("is refused in ERPNext's own words when the person may not", () => {
    const result = call<PreviewResult>(
      'operations.preview',
      { request_id: 'r', operations: [quotation()] },
      'raj@example.com',
    )
    expect(result).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
  })
})

describe('applying', () => {
  it('makes one document however often the same operation is sent', () => {
    const operations = [quotation()]
    const { hash } = previewOf(operations)
    const size = () => site.read('Administrator', (session) => session.getAll('Quotation').length)
    const before = size()
    const args = { request_id: 'once', operations, hash }
    const results = Array.from({ length: 20 }, () => call<ApplyResult>('operations.apply', args))
    expect(size()).toBe(before + 1)
    expect(new Set(results.map(nameOf)).size).toBe(1)
    expect(results.map((entry) => entry.status === 'applied' && entry.repeated)).toEqual([
      false,
      ...Array.from({ length: 19 }, () => true),
    ])
  })

  it('saves nothing and answers the new preview when the price changed meanwhile', () => {
    const operations = [quotation({ items: [{ item_code: 'LAMP-DESK', qty: 2 }] })]
    const { hash } = previewOf(operations)
    site.run('Administrator', (session) => {
      const [price] = session.getAll('Item Price', {
        filters: { item_code: 'LAMP-DESK', price_list: 'Standard Selling' },
      })
      const document = session.getDoc('Item Price', price?.name as string)
      session.save({ ...document, price_list_rate: 60 })
    })
    const before = site.checksums()
    const result = call<ApplyResult>('operations.apply', { request_id: 'x', operations, hash })
    expect(result.status).toBe('changed')
    expect(site.checksums()).toEqual(before)
  })

  it('is refused to whoever is no approver', () => {
    const args = { request_id: 'x', operations: [quotation()], hash: 'none' }
    const result = call<ApplyResult>('operations.apply', args, 'vera@example.com')
    expect(result).toMatchObject({ status: 'refused', refusal: { code: 'permission' } })
  })

  it('finds the id taken by a rejection, and by another hash', () => {
    const rejected = [quotation()]
    call('operations.reject', { request_id: 'x', operations: rejected, reason: 'no' })
    const { hash } = previewOf(rejected)
    const args = { request_id: 'x', operations: rejected, hash }
    expect(call<ApplyResult>('operations.apply', args).status).toBe('rejected')
    const applied = [quotation()]
    applyOf(applied)
    const other = { request_id: 'x', operations: applied, hash: 'f'.repeat(64) }
    expect(call<ApplyResult>('operations.apply', other).status).toBe('conflict')
  })

  it('keeps its record from every change, by Administrator too', () => {
    const result = applyOf([quotation()])
    const id = result.status === 'applied' ? (result.outcomes[0]?.operation_id ?? '') : ''
    const attempt = (work: Parameters<typeof site.run>[1]) => () => site.run('Administrator', work)
    expect(
      attempt((session) =>
        session.save({ ...session.getDoc('Steward Operation', id), state: 'rejected' }),
      ),
    ).toThrow(/nobody can change it/)
    expect(attempt((session) => session.delete('Steward Operation', id))).toThrow(/nobody can/)
  })
})

describe('undo', () => {
  function undoing(result: ApplyResult, requestId: string, user = IVY) {
    if (result.status !== 'applied') throw new Error(JSON.stringify(result))
    const ids = Object.fromEntries(result.outcomes.map((entry) => [entry.operation_id, newId()]))
    const args = { request_id: requestId, undo_request_id: `${requestId}-undo`, operation_ids: ids }
    const preview = call<UndoPreviewResult>('operations.preview_undo', args, user)
    const hash = preview.status === 'previewed' ? preview.hash : ''
    const undo = () => call<UndoResult>('operations.undo', { ...args, hash }, user)
    return { preview, undo }
  }

  it('restores a draft, an invoice, a customer and a to-do of one request', () => {
    const documents = site.run('Administrator', (session) => {
      const invoice = session.insert({
        doctype: 'Sales Invoice',
        customer: 'Kestrel Cycles',
        items: [{ item_code: 'SVC-CONSULT', qty: 1 }],
      })
      const toDo = session.as(NADIA, (own) =>
        own.insert({ doctype: 'ToDo', description: 'Count the lamps', allocated_to: NADIA }),
      )
      return { invoice, toDo, customer: session.getDoc('Customer', 'Kestrel Cycles') }
    })
    const operations: OperationInput[] = [
      quotation(),
      {
        operation_id: newId(),
        action: 'submit',
        doctype: 'Sales Invoice',
        name: documents.invoice.name,
        base_modified: documents.invoice.modified,
      },
      {
        operation_id: newId(),
        action: 'update',
        doctype: 'Customer',
        name: 'Kestrel Cycles',
        base_modified: documents.customer.modified,
        values: { website: 'https://kestrel.example', customer_details: 'Pays late' },
      },
      {
        operation_id: newId(),
        action: 'delete',
        doctype: 'ToDo',
        name: documents.toDo.name,
        base_modified: documents.toDo.modified,
      },
    ]
    const applied = applyOf(operations, NADIA, 'four')
    site.run('Administrator', (session) => {
      const customer = session.getDoc('Customer', 'Kestrel Cycles')
      session.save({ ...customer, customer_details: 'Pays on time now' })
    })
    const { preview, undo } = undoing(applied, 'four', NADIA)
    expect(preview.conflicts).toMatchObject([
      { fieldname: 'customer_details', current: 'Pays on time now', doctype: 'Customer' },
    ])
    const done = undo()
    expect(done).toMatchObject({ status: 'applied', repeated: false })
    expect(undo()).toMatchObject({ status: 'applied', repeated: true })
    site.read('Administrator', (session) => {
      expect(session.exists('Quotation', nameOf(applied))).toBe(false)
      expect(session.getValue('Sales Invoice', documents.invoice.name, 'docstatus')).toBe(2)
      const customer = session.getDoc('Customer', 'Kestrel Cycles')
      expect([customer.website || null, customer.customer_details]).toEqual([
        null,
        'Pays on time now',
      ])
      expect(session.getValue('ToDo', documents.toDo.name, 'description')).toBe('Count the lamps')
    })
  })

  it('leaves a draft that somebody changed since, and says so', () => {
    const applied = applyOf([quotation()], IVY, 'changed-draft')
    site.run('Administrator', (session) => {
      const draft = session.getDoc('Quotation', nameOf(applied))
      session.save({ ...draft, order_type: 'Maintenance' })
    })
    const { preview } = undoing(applied, 'changed-draft')
    expect(preview.status).toBe('nothing_to_undo')
    expect(preview.conflicts.some((entry) => entry.fieldname === 'order_type')).toBe(true)
  })
})
