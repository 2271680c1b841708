import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AnswerTable } from '../../src/shared/assistant-protocol.ts'
import type { ToolArguments } from '../../src/features/assistant/tools/tool-contract.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { SitePeople, type SitePerson } from './support/site-people.ts'
import { toolBench } from './support/tool-bench.ts'

let people: SitePeople
let ivy: SitePerson
let tom: SitePerson

beforeAll(async () => {
  people = await SitePeople.start()
  ivy = await people.signIn(PEOPLE.user)
  tom = await people.signIn(PEOPLE.restricted)
})
afterAll(() => people.stop())
beforeEach(() => {
  ivy.calls.length = 0
})

describe('reading', () => {
  it('needs two calls for the unpaid invoices of a customer, once the doctype is known', async () => {
    const { ok } = toolBench(ivy)
    const invoices = async (text: string) => {
      const { matches } = await ok('search', { doctype: 'Customer', text })
      return ok('list_records', {
        doctype: 'Sales Invoice',
        filters: [
          ['customer', '=', matches[0]?.name],
          ['outstanding_amount', '>', 0],
        ],
      })
    }
    await invoices('Thornbury')
    expect(ivy.calls.length).toBeLessThanOrEqual(3)
    ivy.calls.length = 0
    const { table } = await invoices('Marlow')
    expect(ivy.calls).toEqual(['frappe.desk.search.search_link', 'list Sales Invoice'])
    expect(table.row_link).toEqual({ doctype: 'Sales Invoice', name_key: 'name' })
  })

  it('caps rows and reads on with the handle until every row was seen once', async () => {
    const { ok } = toolBench(ivy)
    const seen: string[] = []
    let handle: string | null = null
    let total: number | null = null
    do {
      const args: ToolArguments['list_records'] = handle
        ? { doctype: '', handle }
        : { doctype: 'Item', limit: 7 }
      const { table }: { table: AnswerTable } = await ok('list_records', args)
      total ??= table.total
      seen.push(...table.rows.map((row) => String(row.name)))
      expect(table.rows.length).toBeLessThanOrEqual(7)
      handle = table.handle
    } while (handle)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(total)
  })

  it('follows links and child tables in fields and filters', async () => {
    const { ok } = toolBench(ivy)
    const { table } = await ok('list_records', {
      doctype: 'Sales Invoice',
      fields: ['name', 'customer.territory'],
      filters: [['customer.territory', '=', 'West']],
    })
    expect(table.rows.length).toBeGreaterThan(0)
    expect(new Set(table.rows.map((row) => row.customer_territory))).toEqual(new Set(['West']))
  })

  it('lists a document once, however many of its rows fit a filter', async () => {
    const { ok } = toolBench(ivy)
    const { table } = await ok('list_records', {
      doctype: 'Sales Invoice',
      filters: [['items.qty', '>', 0]],
      limit: 200,
    })
    const names = table.rows.map((row) => row.name)
    expect(names.length).toBeGreaterThan(1)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each([
    [{ doctype: 'Sales Invoice', fields: ['grand_totall'] }, /unknown_field.*grand_total/],
    [{ doctype: 'Sales Invoice', filters: [['nope', '=', 1]] }, /unknown_field/],
    [{ doctype: 'Sales Invoice', filters: [['status', '~', 'x']] }, /invalid_filter/],
    [{ doctype: 'Sales Invoice', order_by: 'grand_total; drop' }, /unknown_field/],
    [{ doctype: 'Sales Invoyce' }, /unknown_doctype.*Sales Invoice/],
    [{ doctype: '', handle: 't1.abc' }, /invalid_handle/],
  ])('says what is wrong with %j', async (args, message) => {
    const { fails } = toolBench(ivy)
    expect(await fails('list_records', args as never)).toMatch(message)
  })

  it('reads a document by its name, and by a title without doubt', async () => {
    const { ok } = toolBench(ivy)
    const { table } = await ok('list_records', { doctype: 'Customer', limit: 1 })
    const name = String(table.rows[0]?.name)
    const read = await ok('read_record', { doctype: 'Customer', name: name.toUpperCase() })
    expect(read.document.name).toBe(name)
    expect(read.document.desk_path).toBe(`/app/customer/${encodeURIComponent(name)}`)
  })

  it('adds up what the person may see, with a chart when asked', async () => {
    const { ok } = toolBench(ivy)
    const { table } = await ok('aggregate', {
      doctype: 'Sales Invoice',
      measures: [{ function: 'sum', field: 'outstanding_amount', as: 'owed' }],
      group_by: ['customer'],
      filters: [['docstatus', '=', 1]],
      order_by: 'owed desc',
      limit: 5,
      chart: 'bar',
    })
    const owed = table.rows.map((row) => Number(row.owed))
    expect(owed).toEqual(owed.toSorted((a, b) => b - a))
    expect(table.chart).toEqual({ kind: 'bar', category: 'customer', values: ['owed'] })
  })

  it('finds a customer in spite of typing errors', async () => {
    const { ok } = toolBench(ivy)
    const { matches } = await ok('search', { doctype: 'Customer', text: 'Thornbery Hotl' })
    expect(matches[0]?.title).toContain('Thornbury')
  })

  it('gives a restricted person exactly the rows of their own list', async () => {
    const { ok } = toolBench(tom)
    const expected = await tom.session.list('Customer', { fields: ['name'], limit: 500 })
    const { table } = await ok('list_records', { doctype: 'Customer', limit: 200 })
    expect(table.rows.map((row) => row.name).toSorted()).toEqual(
      expected.map((row) => row.name).toSorted(),
    )
    const { table: counted } = await ok('aggregate', {
      doctype: 'Customer',
      measures: [{ function: 'count', as: 'count' }],
    })
    expect(counted.rows[0]?.count).toBe(expected.length)
  })

  it('turns bad calls of a model into failures it can react to', async () => {
    const { tools } = toolBench(ivy)
    const codes = []
    for (const [name, args] of [
      ['approve', '{}'],
      ['list_records', '{'],
      ['list_records', '{"doctype":"Item","limit":9999}'],
      ['list_records', '{"doctype":"Item","approve":true}'],
    ] as const) {
      const answer = await tools.callUnchecked(name, args)
      codes.push(answer.ok ? 'ok' : answer.error.code)
    }
    expect(codes).toEqual([
      'unknown_tool',
      'invalid_arguments',
      'invalid_arguments',
      'invalid_arguments',
    ])
  })
})

describe('proposing', () => {
  const quotation = (party: string, item: string) => ({
    doctype: 'Quotation',
    values: {
      quotation_to: 'Customer',
      party_name: party,
      items: [{ item_code: item, qty: 5 }],
    },
  })

  async function names() {
    const { ok } = toolBench(ivy)
    const customers = await ok('list_records', { doctype: 'Customer', limit: 1 })
    const items = await ok('list_records', {
      doctype: 'Item',
      fields: ['name', 'item_name'],
      filters: [['is_sales_item', '=', 1]],
      limit: 1,
    })
    return {
      customer: String(customers.table.rows[0]?.name),
      item: String(items.table.rows[0]?.name),
      itemTitle: String(items.table.rows[0]?.item_name),
    }
  }

  it('previews a document without leaving anything on the site', async () => {
    const { customer, item } = await names()
    const { ok } = toolBench(ivy)
    const before = people.sandbox.site.checksums()
    const result = await ok('propose_create', quotation(customer, item))
    expect(result.status).toBe('proposed')
    expect(people.sandbox.site.checksums()).toEqual(before)
  })

  it('takes an exact title for the document it names', async () => {
    const { customer, itemTitle, item } = await names()
    const { ok, proposals } = toolBench(ivy)
    await ok('propose_create', quotation(customer.toLowerCase(), itemTitle))
    expect(proposals.collected()[0]?.operations[0]?.values).toMatchObject({
      party_name: customer,
      items: [{ item_code: item }],
    })
  })

  it('never guesses a name: part of one is answered with candidates', async () => {
    const { customer, item } = await names()
    const { ok, proposals } = toolBench(ivy)
    const result = await ok('propose_create', quotation(customer.slice(0, 5), item))
    expect(result).toMatchObject({ status: 'ambiguous', fieldname: 'party_name' })
    if (result.status === 'ambiguous') {
      expect(result.candidates.map(({ name }) => name)).toContain(customer)
    }
    const missing = await ok('propose_create', quotation('Zzyzx Unheard Of', item))
    expect(missing).toMatchObject({ status: 'not_found', fieldname: 'party_name' })
    expect(proposals.collected()).toEqual([])
  })

  it('names unknown fields, also in child rows', async () => {
    const { customer, item } = await names()
    const { fails } = toolBench(ivy)
    const values = { ...quotation(customer, item).values }
    expect(
      await fails('propose_create', { doctype: 'Quotation', values: { ...values, colour: 1 } }),
    ).toMatch(/unknown_field.*colour/)
    values.items = [{ item_code: item, quantity: 5 } as never]
    expect(await fails('propose_create', { doctype: 'Quotation', values })).toMatch(
      /unknown_field.*quantity/,
    )
  })

  it('puts several changes on one card, later ones on the document of an earlier one', async () => {
    const { customer, item } = await names()
    const { ok, proposals } = toolBench(ivy)
    const first = await ok('propose_create', quotation(customer, item))
    if (first.status !== 'proposed') throw new Error(first.status)
    const second = await ok('propose_submit', { doctype: 'Quotation', name: first.operation_id })
    expect(second.status).toBe('proposed')
    const [list] = proposals.collected()
    expect(list?.operations).toHaveLength(2)
    expect(list?.operations[1]?.name).toEqual({ $ref: first.operation_id })
    expect(list?.previews[1]?.docstatus_after).toBe(1)
  })

  it("answers with ERPNext's own reason when the person may not", async () => {
    const { ok, proposals } = toolBench(tom)
    const result = await ok('propose_create', {
      doctype: 'Customer Group',
      values: { customer_group_name: 'Mine' },
    })
    expect(result).toMatchObject({ status: 'refused', exc_type: 'PermissionError' })
    expect(proposals.collected()).toEqual([])
  })

  it('takes at most twenty changes on a card', async () => {
    const { customer } = await names()
    const { ok, fails } = toolBench(ivy)
    for (let count = 0; count < 20; count += 1) {
      const values = { customer_details: `round ${count}` }
      const added = await ok('propose_update', { doctype: 'Customer', name: customer, values })
      expect(added.status).toBe('proposed')
    }
    const values = { customer_details: 'one more' }
    expect(await fails('propose_update', { doctype: 'Customer', name: customer, values })).toMatch(
      /too_many_operations/,
    )
  })

  it("uses ERPNext's own way from one document to the next", async () => {
    const { ok } = toolBench(ivy)
    const orders = await ok('list_records', {
      doctype: 'Sales Order',
      filters: [
        ['docstatus', '=', 1],
        ['per_billed', '=', 0],
      ],
      limit: 1,
    })
    const from_name = String(orders.table.rows[0]?.name)
    const result = await ok('propose_mapped', {
      from_doctype: 'Sales Order',
      from_name,
      to_doctype: 'Sales Invoice',
    })
    expect(result.status).toBe('proposed')
    if (result.status === 'proposed') {
      expect(result.operation_list.previews[0]?.doctype).toBe('Sales Invoice')
    }
  })
})
