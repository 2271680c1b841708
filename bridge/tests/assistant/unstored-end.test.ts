import { expect, it } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import type { AssistantRequest, Conversation } from '../../src/shared/assistant-protocol.ts'
import { openBenchDatabase, startBench } from './support/assistant-bench.ts'
import { Gate } from './support/gate.ts'

const MINUTE_MS = 60_000

it('ends a request whose end could not be stored, once nobody works on it any more', async () => {
  const gate = new Gate()
  const database = await openBenchDatabase()
  let away = false
  let later = 0
  const flaky: typeof database = {
    ...database,
    tenantStatement: (tenant, run) =>
      away ? Promise.reject(new Error('connection lost')) : database.tenantStatement(tenant, run),
  }
  const bench = await startBench({
    database: flaky,
    brain: async function* () {
      gate.reached()
      await gate.opened
      yield { type: 'text', text: 'The answer.' }
    },
    ports: { clock: { ...systemClock, now: () => new Date(Date.now() + later) } },
  })
  const ann = bench.as('ann@example.com')
  const { id: conversation } = await ann.post<Conversation>('/conversations')
  const { request_id } = await ann.post<{ request_id: string }>(
    `/conversations/${conversation}/messages`,
    { text: 'hello' },
  )
  const state = async () => (await ann.json<AssistantRequest>(`/requests/${request_id}`)).state

  await gate.waiting
  later = MINUTE_MS
  await bench.feature.jobs.say_alive()
  expect(await bench.feature.jobs.fail_interrupted()).toBe(0)
  away = true
  gate.open()
  await expect.poll(() => bench.quota).toEqual(['begin', 'counted'])
  away = false
  expect(await state()).toBe('running')
  await bench.feature.jobs.say_alive()
  expect(await bench.feature.jobs.fail_interrupted()).toBe(0)
  later = 2 * MINUTE_MS
  expect(await bench.feature.jobs.fail_interrupted()).toBe(1)
  expect(await state()).toBe('failed')

  await bench.stop()
  await database.close()
})
