import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTalks } from '../../bench/evaluation/run-cases.ts'

let talks: Awaited<ReturnType<typeof openTalks>>
beforeAll(async () => {
  talks = await openTalks()
}, 60_000)
afterAll(() => talks.stop())

const actions = (reply: { proposals: { operations: { action: string; doctype: string }[] }[] }) =>
  reply.proposals.map(({ operations }) =>
    operations.map(({ action, doctype }) => `${action} ${doctype}`),
  )

describe('several asks in one message', () => {
  test('are answered one after another; "them" is the customer just spoken of', async () => {
    const reply = await talks
      .talk()
      .say('unpaid invoices of Cedar Hill School and make a todo to call them')
    expect(reply.text).toMatch(/unpaid Sales Invoice of Cedar Hill School/)
    expect(reply.tables).toHaveLength(1)
    expect(reply.proposal!.operations[0]!.values).toMatchObject({
      description: 'Call Cedar Hill School',
    })
  })

  test('get a card each, and each card is approved by itself', async () => {
    const talk = talks.talk()
    const reply = await talk.say('create a lead Petra Wolff and a customer Wolff Bros')
    expect(actions(reply)).toEqual([['create Lead'], ['create Customer']])
    expect((await talk.approve(1)).status).toBe('applied')
    expect(talk.stateOf(reply.proposals[0]!)).toBe('proposed')
    expect(talks.data.rows('Customer', [['customer_name', '=', 'Wolff Bros']], [])).toHaveLength(1)
    expect(talks.data.rows('Lead', [['first_name', '=', 'Petra']], [])).toHaveLength(0)
  })

  test('share a card where one builds on another that is not saved yet, and it says so', async () => {
    const talk = talks.talk()
    const reply = await talk.say('create a quotation for 2 DESK-120 to Thornbury Hotel and submit')
    expect(actions(reply)).toEqual([['create Quotation', 'submit Quotation']])
    expect(reply.text).toContain('on the same card')
    const applied = await talk.approve()
    if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
    const saved = talks.data.document('Quotation', applied.outcomes[0]!.name!)
    expect(saved).toMatchObject({ docstatus: 1, party_name: 'Thornbury Hotel' })
  })

  test('a document may be for a party that the same message makes', async () => {
    const talk = talks.talk()
    await talk.say('create a customer Quarry Lane Ltd and make a quotation for them with 3 SHELF-3')
    const applied = await talk.approve()
    if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
    const saved = talks.data.document('Quotation', applied.outcomes[1]!.name!)
    expect(saved.party_name).toBe(applied.outcomes[0]!.name)
  })

  test('what one part cannot do leaves the others standing', async () => {
    const reply = await talks
      .talk()
      .say('how many open sales orders do we have and tell me a joke about penguins')
    expect(reply.text).toMatch(/^\d+ open Sales Orders\./)
    expect(reply.text).toContain('I could not do "tell me a joke about penguins"')
  })

  test('a refusal by ERPNext names the part it depends on and keeps the other card', async () => {
    const reply = await talks
      .talk('viewer')
      .say('show open quotations and create a customer Never Saved Ltd')
    expect(reply.tables).toHaveLength(1)
    expect(reply.proposals).toEqual([])
    expect(reply.text).toMatch(/would not do that|may not|permission/i)
  })

  test('one question at a time; the second part is taken up when the first is answered', async () => {
    const talk = talks.talk()
    const asked = await talk.say(
      'quotation for 5 CHAIR-TASK to Bluebird and quotation for 3 DESK-120 to Cedar',
    )
    expect(asked.question!.options.map(({ value }) => value)).toEqual([
      'Bluebird Bakery',
      'Bluebird Cafe',
    ])
    expect(asked.text).toContain('once that is answered')
    const second = await talk.say('the bakery')
    expect(second.proposal!.operations[0]!.values!.party_name).toBe('Bluebird Bakery')
    expect(second.question!.options.map(({ value }) => value)).toContain('Cedar Lane Dental')
    const third = await talk.say('2')
    expect(third.proposal!.operations[0]!.values).toMatchObject({
      party_name: 'Cedar Lane Dental',
      items: [{ item_code: 'DESK-120', qty: 3 }],
    })
  })

  test('"and submit it" waits while the document it means is still asked about', async () => {
    const talk = talks.talk()
    const quotation = talks.data.fixture('@open_quotation')
    const asked = await talk.say(`turn ${quotation} into an order and submit it`)
    expect(asked.question!.text).toContain('Delivery Date')
    const reply = await talk.say('2026-12-20')
    expect(actions(reply)).toEqual([['create Sales Order', 'submit Sales Order']])
  })

  test('with a model at hand, what is understood in part only is left to it whole', async () => {
    const models = { small: true, large: true }
    const reply = await talks
      .talk('manager', models)
      .say('show open quotations and count the frobnications of Zyx')
    expect(reply.proposals).toEqual([])
    expect(reply.passed ?? reply.route.handler).not.toBe('local')
  })
})

describe('an open question', () => {
  const ask = async () => {
    const talk = talks.talk()
    await talk.say('quotation for 5 CHAIR-TASK to Cedar')
    return talk
  }

  test.each([
    ['2', 'Cedar Lane Dental'],
    ['the second', 'Cedar Lane Dental'],
    ['the first one please', 'Cedar Hill School'],
    ['the dental one', 'Cedar Lane Dental'],
    ['Cedar Lnae Dental', 'Cedar Lane Dental'],
    ['Thornbury Hotel', 'Thornbury Hotel'],
  ])('is answered by "%s"', async (answer, customer) => {
    const reply = await (await ask()).say(answer)
    expect(reply.proposal!.operations[0]!.values!.party_name).toBe(customer)
  })

  test('is answered by where one of them is', async () => {
    const [school] = talks.data.rows(
      'Dynamic Link',
      [
        ['link_name', '=', 'Cedar Hill School'],
        ['parenttype', '=', 'Address'],
      ],
      ['parent'],
    )
    const { city } = talks.data.document('Address', String(school!.parent))
    const [dental] = talks.data.rows(
      'Dynamic Link',
      [
        ['link_name', '=', 'Cedar Lane Dental'],
        ['parenttype', '=', 'Address'],
      ],
      ['parent'],
    )
    expect(talks.data.document('Address', String(dental!.parent)).city).not.toBe(city)
    const reply = await (await ask()).say(`the one in ${String(city)}`)
    expect(reply.proposal!.operations[0]!.values!.party_name).toBe('Cedar Hill School')
  })

  test('is put again when "the one in …" is none of them', async () => {
    const reply = await (await ask()).say('the one in Timbuktu')
    expect(reply.question!.options).toHaveLength(2)
  })

  test.each(['neither', 'cancel', 'none of them', 'never mind'])(
    'is let go by "%s"',
    async (no) => {
      const talk = await ask()
      expect((await talk.say(no)).text).toContain('nothing was changed')
      expect((await talk.say('2')).proposal).toBeNull()
    },
  )

  test.each([
    ['unpaid invoices', /unpaid Sales Invoices/],
    ['how much does Cedar Hill School owe us', /Cedar Hill School owes/],
    ['open purchase orders', /open Purchase Orders/],
  ])('gives way to "%s", and that is said', async (text, answer) => {
    const talk = await ask()
    const reply = await talk.say(text)
    expect(reply.text).toMatch(/^I let go of the Quotation I was asking about/)
    expect(reply.text).toMatch(answer)
    expect((await talk.say('2')).proposal).toBeNull()
  })

  test('for a day is asked again when the answer is none', async () => {
    const talk = talks.talk()
    await talk.say('sales order for Novak Engineering: 2 DESK-120')
    expect((await talk.say('as soon as you can')).question!.text).toMatch(/delivered/)
    expect((await talk.say('15 December')).proposal).not.toBeNull()
  })
})
