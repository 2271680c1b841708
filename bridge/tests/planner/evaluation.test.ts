import { beforeAll, describe, expect, test } from 'vitest'
import { readCases } from '../../bench/evaluation/cases.ts'
import { runCases, type CaseResult } from '../../bench/evaluation/run-cases.ts'
import { overall } from '../../bench/evaluation/summary.ts'

/** Every seventh of the tuned requests and every fourth of the later ones; `npm run eval` runs all. */
const CASES = [
  ...readCases('main').filter((_, index) => index % 7 === 0),
  ...(['unseen', 'unseen-4', 'unseen-5', 'unseen-6'] as const)
    .flatMap(readCases)
    .filter((_, index) => index % 4 === 0),
]

let results: CaseResult[]

beforeAll(async () => {
  results = await runCases(CASES)
}, 120_000)

describe('the evaluation set on the sandbox, without a model', () => {
  test('intents, acceptance and end states hold what is promised', () => {
    const figures = overall(results)
    expect(figures['intent right %']).toBeGreaterThanOrEqual(95)
    expect(figures['out of scope caught %']).toBeGreaterThanOrEqual(90)
    expect(figures['false refusals %']).toBeLessThanOrEqual(3)
    expect(figures['accepted of ERPNext work %']).toBeGreaterThanOrEqual(60)
    expect(figures['end state right of accepted %']).toBeGreaterThanOrEqual(85)
  })

  test('nothing that must not change anything proposes a change', () => {
    const proposing = results.filter(
      ({ case: { expect: expected }, reply }) => expected.no_change && reply.proposal,
    )
    expect(proposing.map(({ case: { turns } }) => turns)).toEqual([])
  })
})

describe('the main job in words', () => {
  async function ask(...turns: string[]) {
    const one = { id: 'x', classes: ['list' as const], turns, expect: {} }
    return (await runCases([one]))[0]!.reply
  }

  test('"unpaid invoices of X" takes at most three ERPNext calls, cold', async () => {
    const reply = await ask('unpaid invoices of Whitlock Insurance')
    expect(reply.tools).toContain('list_records')
    expect(reply.text).toContain('Whitlock Insurance')
    expect(reply.siteCalls).toBeLessThanOrEqual(3)
  })

  test('a name that fits two customers is asked about, never guessed', async () => {
    const reply = await ask('quotation for 5 CHAIR-TASK to Bluebird, 10 % off')
    expect(reply.proposal).toBeNull()
    expect(reply.question!.options.map(({ value }) => value)).toEqual([
      'Bluebird Bakery',
      'Bluebird Cafe',
    ])
  })

  test('the answer to a question goes on with the change', async () => {
    const reply = await ask('quotation for 5 CHAIR-TASK to Bluebird, 10 % off', 'the bakery')
    expect(reply.proposal!.operations[0]).toMatchObject({
      action: 'create',
      values: { party_name: 'Bluebird Bakery', additional_discount_percentage: 10 },
    })
  })

  test('"never mind" drops an open question', async () => {
    const reply = await ask('quotation for 5 CHAIR-TASK to Bluebird', 'never mind')
    expect(reply.proposal).toBeNull()
    expect(reply.text).toMatch(/nothing was changed/i)
  })
})
