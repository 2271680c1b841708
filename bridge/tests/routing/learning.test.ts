import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRouter, routingMigration } from '../../src/features/assistant/routing/index.ts'
import { learn } from '../../src/features/assistant/routing/threshold.ts'
import { openDatabase, type OpenDatabase } from '../../src/platform/database/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { randomIds } from '../../src/shared/ids.ts'

let database: OpenDatabase

beforeAll(async () => {
  database = await openDatabase({
    ...{ url: null, migrationUrl: null, dataFolder: null },
    migrations: [routingMigration],
  })
})
afterAll(() => database.close())

const words = { version: '1', language: 'en', doctypes: [], reports: [] }
const question = (team_id: string) => ({
  ...{ site_id: 's1', team_id, text: 'sales of Pemberton', words, page: null, history: [] },
  tiers: { small: true, large: true },
})

test('corrections of one team send that kind of request to a model, for that team only', async () => {
  const router = createRouter({ database, clock: systemClock, ids: randomIds })
  const first = await router.route({ ...question('a'), text: 'unpaid invoices' })
  expect(first.handler).toBe('local')
  for (let round = 0; round < 12; round++) {
    await router.correct({
      ...{ site_id: 's1', team_id: 'a', person: 'p', text: 'unpaid invoices' },
      decided: { ...first, confidence: 0.99 },
      correct_class: 'insight',
    })
  }
  const less = { ...question('a'), text: 'invoices worth checking' }
  const decided = await router.route(less)
  const other = await router.route({ ...less, team_id: 'b' })
  expect(decided.class).toBe('list')
  expect(decided.confidence).toBeLessThan(0.95)
  expect(decided.handler).toBe('small')
  expect(other.handler).toBe('local')
})

test('a threshold stays within bounds whatever the corrections', () => {
  const correction = fc.record({
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    wrong: fc.boolean(),
    handler: fc.constantFrom('local' as const, 'small' as const),
  })
  fc.assert(
    fc.property(fc.array(correction, { maxLength: 60 }), (corrections) => {
      let thresholds = {}
      for (const { confidence, wrong, handler } of corrections) {
        thresholds = learn(
          thresholds,
          { class: 'list', confidence, handler },
          wrong ? 'lookup' : 'list',
        )
      }
      const { list = 0.5 } = thresholds as { list?: number }
      expect(list).toBeGreaterThanOrEqual(0.3)
      expect(list).toBeLessThanOrEqual(0.95)
    }),
  )
})

test('a right local decision changes nothing', () => {
  const thresholds = { list: 0.6 }
  expect(learn(thresholds, { class: 'list', confidence: 0.9, handler: 'local' }, 'list')).toBe(
    thresholds,
  )
})
