import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTalks } from '../../bench/evaluation/run-cases.ts'

let talks: Awaited<ReturnType<typeof openTalks>>
beforeAll(async () => {
  talks = await openTalks()
}, 60_000)
afterAll(() => talks.stop())

const cards = (reply: { proposals: { operations: { action: string; doctype: string }[] }[] }) =>
  reply.proposals.map(({ operations }) =>
    operations.map(({ action, doctype }) => `${action} ${doctype}`),
  )

describe('"it" in a change', () => {
  test('is the to-do just made, which its author may delete again', async () => {
    const talk = talks.talk()
    const made = await talk.say('add a todo call the plumber')
    expect(made.proposal!.operations[0]!.values!.allocated_to).toBe('nadia@example.com')
    const applied = await talk.approve()
    if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
    const { name } = applied.outcomes[0]!
    const reply = await talk.say('delete it')
    expect(reply.proposal!.operations[0]).toMatchObject({ action: 'delete', doctype: 'ToDo', name })
    expect((await talk.approve()).status).toBe('applied')
    expect(talks.data.rows('ToDo', [['name', '=', name]], [])).toHaveLength(0)
  })

  test('is none of the several in a list', async () => {
    const talk = talks.talk()
    const list = await talk.say('show open quotations')
    expect(list.tables[0]!.rows.length).toBeGreaterThan(1)
    const reply = await talk.say('submit it')
    expect(reply.proposal).toBeNull()
    expect(reply.text).toContain('Which one do you mean')
  })
})

describe('making and submitting', () => {
  test.each([
    'create and submit an invoice for 2 DESK-120 to Novak Engineering',
    'invoice 2 DESK-120 to Novak Engineering, submit it',
  ])('"%s" is one card', async (text) => {
    const talk = talks.talk()
    expect(cards(await talk.say(text))).toEqual([['create Sales Invoice', 'submit Sales Invoice']])
    const applied = await talk.approve()
    if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
    const saved = talks.data.document('Sales Invoice', applied.outcomes[0]!.name!)
    expect(saved).toMatchObject({ docstatus: 1, customer: 'Novak Engineering' })
  })
})

describe('with a document open in Desk', () => {
  const invoice = () =>
    talks.data.rows('Sales Invoice', [['outstanding_amount', '>', 0]], ['customer'])[0]!

  test('"this customer" is the one of the invoice', async () => {
    const { name, customer } = invoice()
    const page = { doctype: 'Sales Invoice', name: String(name) }
    const owed = await talks.talk().say('what does this customer owe us', page)
    expect(owed.text).toContain(`${String(customer)} owes`)
    const reply = await talks.talk().say('quotation for this customer with 3 SHELF-3', page)
    expect(reply.proposal!.operations[0]!.values).toMatchObject({ party_name: customer })
  })

  test('a list is counted and added up', async () => {
    const page = { doctype: 'Sales Invoice', name: null }
    const reply = await talks
      .talk()
      .say('how many of these are there and what do they sum to', page)
    expect(reply.text).toMatch(/\d+ Sales Invoices\.[^]*USD in all/)
  })
})

test('who owes most is counted on unsettled invoices, and the list behind it shows those', async () => {
  const reply = await talks.talk().say('which customers owe us most')
  expect(decodeURIComponent(reply.tables[0]!.desk_path!)).toContain('outstanding_amount')
})

test('part of a quantity is returned, against its row of the invoice', async () => {
  const lines = talks.data.rows('Sales Invoice Item', [['qty', '>', 2]], ['parent', 'item_code'])
  const submitted = lines.find(({ parent }) => {
    const { docstatus, is_return, items } = talks.data.document('Sales Invoice', String(parent))
    return docstatus === 1 && !is_return && (items as unknown[]).length === 1
  })!
  const { parent, item_code, name } = submitted
  const talk = talks.talk()
  await talk.say(`credit note for 2 of the ${String(item_code)} of ${String(parent)}`)
  const applied = await talk.approve()
  if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
  const saved = talks.data.document('Sales Invoice', applied.outcomes[0]!.name!)
  expect(saved).toMatchObject({ is_return: 1, return_against: parent })
  expect(saved.items).toMatchObject([{ item_code, qty: -2, sales_invoice_item: name }])
})
