import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTalks } from '../../bench/evaluation/run-cases.ts'

let talks: Awaited<ReturnType<typeof openTalks>>
beforeAll(async () => {
  talks = await openTalks()
}, 60_000)
afterAll(() => talks.stop())

const MODELS = { small: true, large: true }

/** With a model at hand, so that what is not certain is passed on. */
async function say(...turns: string[]) {
  const talk = talks.talk('manager', MODELS)
  let reply = await talk.say(talks.data.fixture(turns[0]!))
  for (const turn of turns.slice(1)) reply = await talk.say(talks.data.fixture(turn))
  return reply
}

describe('a change in roundabout words', () => {
  test.each([
    [
      'Whitlock Insurance are hoping to receive an offer from us on 6 CHAIR-MESH and 6 ARM-DUAL',
      { action: 'create', doctype: 'Quotation', values: { party_name: 'Whitlock Insurance' } },
    ],
    [
      "Redfern Logistics telephoned, they'd like eight task chairs by 11 December, so book a sales order",
      {
        ...{ action: 'create', doctype: 'Sales Order' },
        values: { delivery_date: '2026-12-11', items: [{ item_code: 'CHAIR-TASK', qty: 8 }] },
      },
    ],
    [
      'we want to purchase 40 BINDER-80 off Foxton Office Goods, must be here by 2026-12-14',
      { action: 'create', doctype: 'Purchase Order', values: { supplier: 'Foxton Office Goods' } },
    ],
    [
      'set up Nordlicht GmbH as customer in Europe',
      {
        ...{ action: 'create', doctype: 'Customer' },
        values: { customer_name: 'Nordlicht GmbH', territory: 'Europe' },
      },
    ],
    [
      'move Larkspur Florists from North to East',
      { action: 'update', name: 'Larkspur Florists', values: { territory: 'East' } },
    ],
    [
      'please stop selling to Fairmont Physio, block them',
      { action: 'update', name: 'Fairmont Physio', values: { disabled: 1 } },
    ],
    [
      'postpone the stock count to-do to 2026-12-15',
      { action: 'update', doctype: 'ToDo', values: { date: '2026-12-15' } },
    ],
    [
      'I no longer need the reminder about the showroom lease, delete it',
      { action: 'delete', doctype: 'ToDo' },
    ],
    ['@draft_quotation is nonsense, get rid of it', { action: 'delete', doctype: 'Quotation' }],
  ])('"%s"', async (text, expected) => {
    expect((await say(text)).proposal?.operations[0]).toMatchObject(expected)
  })

  test('a payment holds the amount that was said', async () => {
    const reply = await say('please book 150 received for @unpaid_invoice with reference IJ-5')
    expect(reply.proposal!.operations[0]!.values).toMatchObject({ paid_amount: 150 })
  })
})

describe('what a plan cannot hold is passed on, and nothing is proposed', () => {
  test.each([
    "don't send Pemberton Law a quotation for 3 DESK-120",
    'sell half of the DESK-120 stock to Novak Engineering',
    'create an invoice for @unbilled_order but only for the desks',
    'invoice Kestrel Cycles and Novak Engineering for 2 SHELF-3 each',
    'submit @draft_quotation and print it',
    'could you bill the order of Ellery Museum',
    'take the tax off @draft_quotation if they ask',
    'what would happen if we cancelled @unpaid_invoice',
    'which invoices are not overdue',
    'Larkspur Florists paid @unpaid_invoice by cash',
  ])('"%s"', async (text) => {
    const reply = await say(text)
    expect(reply.proposal).toBeNull()
    expect(reply.question).toBeNull()
    expect(reply.passed).not.toBeNull()
  })
})

describe('a proposal put differently in roundabout words', () => {
  const QUOTATION = 'quotation for 2 DESK-120 to Novak Engineering'
  test.each([
    [
      'the customer haggled us down to 250 apiece',
      { items: [{ item_code: 'DESK-120', rate: 250 }] },
    ],
    ['sorry, I got that wrong, seven of them', { items: [{ qty: 7 }] }],
    ['we can give them 3 % on it', { additional_discount_percentage: 3 }],
    [
      "they'd also like a coat stand",
      { items: [{ item_code: 'DESK-120' }, { item_code: 'COAT-STAND', qty: 1 }] },
    ],
    ['swap the desk for DESK-140', { items: [{ item_code: 'DESK-140', qty: 2 }] }],
    ['hold on, Kestrel Cycles wanted that one', { party_name: 'Kestrel Cycles' }],
  ])('"%s"', async (text, values) => {
    expect((await say(QUOTATION, text)).proposal?.operations[0]!.values).toMatchObject(values)
  })
})

describe('questions', () => {
  test('"and how about …" asks the same of another kind of document', async () => {
    const reply = await say('which sales invoices are overdue?', 'and how about purchase invoices')
    expect(reply.text).toContain('overdue Purchase Invoices')
  })

  test('"which month … most" is answered with the best first', async () => {
    const reply = await say('in which month of this year did we sell most')
    const [first, second] = reply.tables[0]!.rows
    expect(Number(first!.figure)).toBeGreaterThan(Number(second!.figure))
  })

  test('pieces of an item are counted, not the documents they stand on', async () => {
    const lines = talks.data.rows('Sales Invoice Item', [['item_code', '=', 'DESK-120']], ['qty'])
    expect((await say('how many DESK-120 did we sell')).text).toContain('quantity')
    expect(lines.length).toBeGreaterThan(0)
  })

  test('an everyday word is not the beginning of a name', async () => {
    expect((await say('which orders did we book last week')).text).not.toContain('Bookshop')
  })
})
