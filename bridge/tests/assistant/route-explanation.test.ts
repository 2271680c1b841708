import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRouter } from '../../src/features/assistant/index.ts'
import type {
  AssistantRequest,
  Conversation,
  RouteDecision,
} from '../../src/shared/assistant-protocol.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { randomIds } from '../../src/shared/ids.ts'
import { PEOPLE } from '../support/sample-people.ts'
import {
  openBenchDatabase,
  startBench,
  type Bench,
  type Caller,
} from './support/assistant-bench.ts'
import { ask, requestIdOf } from './support/event-stream.ts'
import { SitePeople } from './support/site-people.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let people: SitePeople
let database: OpenDatabase
let bench: Bench
let asked = 0

beforeAll(async () => {
  people = await SitePeople.start()
  const ivy = await people.signIn(PEOPLE.user)
  database = await openBenchDatabase()
  bench = await startBench({
    database,
    brain: async function* () {
      asked += 1
      yield { type: 'text', text: 'Answered.' }
    },
    session: () => ivy.session,
    ports: {
      router: createRouter({ database, clock: systemClock, ids: randomIds }),
      people: { identity: async () => ivy.identity },
      gateway: {
        tiers: async () => ({ small: true, large: true }),
        stream: () => {
          throw new Error('No model is called here.')
        },
      },
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await database.close()
  await people.stop()
})

/** Ivy in one of her teams. */
function ivyIn(team: string): Caller {
  const caller = bench.as(PEOPLE.user.user)
  caller.headers['x-test-team'] = team
  return caller
}

const route = (team: string, text: string) => ivyIn(team).post<RouteDecision>('/route', { text })

async function request(team: string, text: string): Promise<AssistantRequest> {
  const caller = ivyIn(team)
  const { id } = await caller.post<Conversation>('/conversations')
  const events = await ask(caller, id, text)
  return caller.json<AssistantRequest>(`/requests/${requestIdOf(events)}`)
}

function correct(team: string, id: string, answer: unknown): Promise<Response> {
  const body = JSON.stringify(answer)
  return ivyIn(team).fetch(`/requests/${id}/route-correction`, { method: 'POST', body })
}

it('explains how a text would be handled, and neither answers nor keeps it', async () => {
  const before = asked
  const text = 'unpaid invoices over 500'
  const decision = await route('team_1', text)
  const parts = [{ text, class: 'list' }]
  expect(decision).toMatchObject({ class: 'list', handler: 'local', parts })
  expect(decision.confidence).toBeGreaterThan(0.5)
  expect(decision.confidence).toBeLessThanOrEqual(1)
  expect(decision.reason).toMatch(/\w+ .*\.$/)
  const sure = decision.candidates.map((candidate) => candidate.confidence)
  expect(decision.candidates[0]).toMatchObject({ class: 'list' })
  expect(sure).toEqual(sure.toSorted((one, other) => other - one))
  expect(sure.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1.0001)
  expect(asked).toBe(before)
  expect(await ivyIn('team_1').json('/requests')).toMatchObject({ data: [] })
})

it('names the parts of a text that asks for several things', async () => {
  const text = 'list unpaid invoices and create a quotation for 5 CHAIR-TASK to Thornbury Hotel'
  const { parts } = await route('team_1', text)
  expect(parts.map((part) => part.class)).toEqual(['list', 'create'])
  for (const part of parts) expect(text).toContain(part.text)
})

it('stores with the request the very decision it explains', async () => {
  const text = 'customers in the territory West'
  expect((await request('team_1', text)).route).toEqual(await route('team_1', text))
})

it.each([
  ['no text', { text: '  ' }],
  ['too long a text', { text: 'x'.repeat(20_001) }],
  ['a context that is none', { text: 'customers', context: { doctype: 7 } }],
])('refuses %s', async (_what, body) => {
  const answer = await ivyIn('team_1').fetch('/route', {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(400)
})

it('learns from corrections for that team only, step by step and within bounds', async () => {
  const text = 'invoices worth checking'
  const wrong = await request('learning', text)
  expect(wrong.route).toMatchObject({ class: 'list', handler: 'local' })
  const confidence = wrong.route?.confidence ?? 1
  expect((await correct('learning', wrong.id, { class: 'insight' })).status).toBe(204)
  const first = await threshold('learning')
  expect(first).toBeGreaterThan(0.5)
  expect(first).toBeLessThan(confidence)
  expect((await route('learning', text)).handler).toBe('local')

  for (let time = 0; time < 30; time += 1)
    expect((await correct('learning', wrong.id, { class: 'insight' })).status).toBe(204)
  const learnt = await threshold('learning')
  expect(learnt).toBeGreaterThan(confidence)
  expect(learnt).toBeLessThanOrEqual(Math.min(0.95, confidence + 0.05))
  const corrected = await route('learning', text)
  expect(corrected).toMatchObject({ class: 'list', handler: 'small', confidence })
  expect(corrected.reason).not.toBe(wrong.route?.reason)
  expect(await route('other', text)).toEqual(wrong.route)
  expect(await threshold('other')).toBeNull()
})

it('takes a correction back when what went to a model was right', async () => {
  const text = 'invoices worth checking'
  const sent = await request('learning', text)
  expect(sent.route?.handler).toBe('small')
  const before = (await threshold('learning')) ?? 0
  for (let time = 0; time < 30; time += 1) await correct('learning', sent.id, { class: 'list' })
  expect(await threshold('learning')).toBeLessThan(before)
  expect(await threshold('learning')).toBeGreaterThanOrEqual(0.3)
  expect((await route('learning', text)).handler).toBe('local')
})

it('refuses a class there is none of, and a request of somebody else', async () => {
  const mine = await request('team_1', 'unpaid invoices')
  expect((await correct('team_1', mine.id, { class: 'poetry' })).status).toBe(400)
  expect((await correct('other', mine.id, { class: 'insight' })).status).toBe(404)
  const stranger = bench.as('tom@example.com')
  const answer = await stranger.fetch(`/requests/${mine.id}/route-correction`, {
    method: 'POST',
    body: JSON.stringify({ class: 'insight' }),
  })
  expect(answer.status).toBe(404)
  expect(await threshold('team_1')).toBeNull()
})

/** What the team's corrections came to for lists; null when there were none. */
async function threshold(team_id: string): Promise<number | null> {
  const row = await database.withTenant({ site_id: 'site_1', team_id }, (tx) =>
    tx.selectFrom('route_threshold').select('thresholds').executeTakeFirst(),
  )
  return row?.thresholds.list ?? null
}
