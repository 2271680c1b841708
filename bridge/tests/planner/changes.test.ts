import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTalks } from '../../bench/evaluation/run-cases.ts'

let talks: Awaited<ReturnType<typeof openTalks>>
beforeAll(async () => {
  talks = await openTalks()
}, 60_000)
afterAll(() => talks.stop())

type Row = Record<string, unknown>

async function saved(talk: ReturnType<typeof talks.talk>): Promise<Row> {
  const applied = await talk.approve()
  if (applied.status !== 'applied') throw new Error(JSON.stringify(applied))
  const { doctype, name } = applied.outcomes.at(-1)!
  return talks.data.document(doctype, name!)
}

describe('a proposal put differently', () => {
  const QUOTATION = 'quotation for 5 CHAIR-TASK to Cedar Hill School'
  test.each([
    ['make it 6 instead', { items: [{ item_code: 'CHAIR-TASK', qty: 6 }] }],
    ['change the discount to 5 %', { additional_discount_percentage: 5 }],
    ['use customer Thornbury Hotel instead', { party_name: 'Thornbury Hotel' }],
    ['for Thornbury Hotel instead', { party_name: 'Thornbury Hotel' }],
    ['use DESK-120 instead', { items: [{ item_code: 'DESK-120', qty: 5 }] }],
    ['make the rate 90', { items: [{ item_code: 'CHAIR-TASK', qty: 5, rate: 90 }] }],
    ['valid until 2026-12-31', { valid_till: '2026-12-31' }],
    ['without tax', { taxes_and_charges: '', taxes: [] }],
  ])('"%s" takes the place of the earlier card', async (text, values) => {
    const talk = talks.talk()
    const first = await talk.say(QUOTATION)
    const second = await talk.say(text)
    expect(second.proposal!.operations[0]!.values).toMatchObject(values)
    expect(second.proposal!.id).not.toBe(first.proposal!.id)
    expect(talk.stateOf(first.proposal!)).toBe('rejected')
    expect(second.text).toContain('takes the place of the card before')
  })

  test('what was approved meanwhile is changed, not made a second time', async () => {
    const talk = talks.talk()
    await talk.say(QUOTATION)
    const { name } = await saved(talk)
    const reply = await talk.say('make it 8 instead')
    expect(reply.proposal!.operations[0]).toMatchObject({ action: 'update', name })
    expect((await saved(talk)).items).toMatchObject([{ item_code: 'CHAIR-TASK', qty: 8 }])
  })

  test('a question about the new wording leaves the earlier card as it is', async () => {
    const talk = talks.talk()
    const first = await talk.say(QUOTATION)
    const asked = await talk.say('use customer Bluebird instead')
    expect(asked.question!.options).toHaveLength(2)
    expect(talk.stateOf(first.proposal!)).toBe('proposed')
    const answered = await talk.say('the cafe')
    expect(answered.proposal!.operations[0]!.values!.party_name).toBe('Bluebird Cafe')
    expect(talk.stateOf(first.proposal!)).toBe('rejected')
  })

  test('a new ask of the same kind supersedes nothing', async () => {
    const talk = talks.talk()
    const first = await talk.say(QUOTATION)
    await talk.say('quotation for 2 DESK-120 to Thornbury Hotel')
    expect(talk.stateOf(first.proposal!)).toBe('proposed')
  })

  test('several changes that build on each other are proposed anew together', async () => {
    const talk = talks.talk()
    const first = await talk.say(`${QUOTATION} and submit it`)
    const reply = await talk.say('make it 6 instead')
    expect(reply.proposal!.operations).toMatchObject([
      { action: 'create', values: { items: [{ item_code: 'CHAIR-TASK', qty: 6 }] } },
      { action: 'submit' },
    ])
    expect(talk.stateOf(first.proposal!)).toBe('rejected')
    expect(await saved(talk)).toMatchObject({ docstatus: 1, items: [{ qty: 6 }] })
  })

  test('a name that is not certain leaves such a card as it is', async () => {
    const talk = talks.talk()
    const first = await talk.say(`${QUOTATION} and submit it`)
    const reply = await talk.say('for Bluebird instead')
    expect(reply.proposal).toBeNull()
    expect(reply.text).toContain('stands as it is')
    expect(talk.stateOf(first.proposal!)).toBe('proposed')
  })
})

describe('rows of a document', () => {
  test('a customer gets a credit limit for the company, and keeps those of others', async () => {
    const talk = talks.talk()
    await talk.say('set the credit limit of Cedar Hill School to 50000')
    const first = (await saved(talk)).credit_limits as Row[]
    expect(first).toMatchObject([{ company: 'Harbourlight Trading', credit_limit: 50000 }])
    await talk.say("raise Cedar Hill School's credit limit to 60k")
    const second = (await saved(talk)).credit_limits as Row[]
    expect(second).toMatchObject([{ name: first[0]!.name, credit_limit: 60000 }])
  })

  test('lines are added, priced and removed; the others keep their names', async () => {
    const talk = talks.talk()
    await talk.say('quotation for 5 CHAIR-TASK and 1 SHELF-3 to Cedar Hill School')
    const before = await saved(talk)
    const [chair, shelf] = before.items as Row[]
    await talk.say(`add 2 DESK-120 to ${String(before.name)}`)
    const added = (await saved(talk)).items as Row[]
    expect(added.map(({ item_code, qty }) => [item_code, qty])).toEqual([
      ['CHAIR-TASK', 5],
      ['SHELF-3', 1],
      ['DESK-120', 2],
    ])
    expect(added.slice(0, 2).map(({ name }) => name)).toEqual([chair!.name, shelf!.name])
    await talk.say(`change the rate of DESK-120 in ${String(before.name)} to 90`)
    expect(((await saved(talk)).items as Row[])[2]).toMatchObject({ rate: 90, qty: 2 })
    await talk.say(`remove SHELF-3 from ${String(before.name)}`)
    const left = (await saved(talk)).items as Row[]
    expect(left.map(({ name }) => name)).toEqual([chair!.name, added[2]!.name])
  })

  test('a document is made with and without the tax, and changed either way', async () => {
    const talk = talks.talk()
    await talk.say('quotation for 1 DESK-120 to Thornbury Hotel with VAT')
    const taxed = await saved(talk)
    expect(taxed.taxes).toMatchObject([{ rate: 8 }])
    await talk.say(`remove the tax from ${String(taxed.name)}`)
    const plain = await saved(talk)
    expect(plain.taxes).toEqual([])
    expect(Number(plain.grand_total)).toBeLessThan(Number(taxed.grand_total))
    await talk.say(`add sales tax to ${String(taxed.name)}`)
    expect((await saved(talk)).grand_total).toBe(taxed.grand_total)
  })

  test('other payment terms make another plan of payments', async () => {
    const talk = talks.talk()
    const [terms] = talks.data.rows('Payment Terms Template', [['name', 'like', '%50%']], [])
    await talk.say('quotation for 1 DESK-120 to Thornbury Hotel')
    const { name } = await saved(talk)
    const wanted = String(terms?.name ?? 'Net 30')
    await talk.say(`set the payment terms of ${String(name)} to ${wanted}`)
    const after = await saved(talk)
    expect(after.payment_terms_template).toBe(wanted)
    const template = talks.data.document('Payment Terms Template', wanted)
    expect(after.payment_schedule).toHaveLength((template.terms as Row[]).length)
  })
})

describe('returns and amendments', () => {
  test('a credit note is made from its invoice', async () => {
    const talk = talks.talk()
    const invoice = talks.data.fixture('@unpaid_invoice')
    const reply = await talk.say(`credit note for ${invoice}`)
    expect(reply.text).toContain(`credit note from ${invoice}`)
    const made = await saved(talk)
    expect(made).toMatchObject({ is_return: 1, return_against: invoice })
    expect(Number(made.grand_total)).toBeLessThan(0)
  })

  test('a cancelled document is amended; others are told what to do instead', async () => {
    const talk = talks.talk()
    const quotation = talks.data.fixture('@open_quotation')
    const early = await talk.say(`amend ${quotation}`)
    expect(early.text).toContain('cancel it first')
    await talk.say(`cancel ${quotation}`)
    await saved(talk)
    await talk.say('amend it')
    expect(await saved(talk)).toMatchObject({ amended_from: quotation, docstatus: 0 })
    const draft = talks.data.fixture('@draft_quotation')
    expect((await talk.say(`amend ${draft}`)).text).toContain('still a draft')
  })
})
