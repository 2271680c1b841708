import { afterAll, beforeAll, expect, test } from 'vitest'
import { mockProvider, openGatewayDatabase, startGatewayStack } from '../../bench/gateway-stack.ts'
import { answer, startUpstream } from '../../bench/gateway-upstream.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase

beforeAll(async () => {
  database = await openGatewayDatabase()
}, 60_000)

afterAll(() => database.close())

test('a slow small-tier call is joined by a second one; the loser is stopped and both are settled', async () => {
  const slow = await startUpstream(() => undefined)
  const quick = await startUpstream(answer(['quick']))
  const stack = await startGatewayStack({
    database,
    providers: [mockProvider('slow', slow.url, 1), mockProvider('quick', quick.url, 2)],
    options: { hedge_after_ms: 50 },
  })
  const ask = (model: string) =>
    fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, max_tokens: 50, messages: [{ role: 'user', content: 'x' }] }),
    })
  const whole = (await (await ask('steward-small')).json()) as {
    choices: { message: { content: string } }[]
  }
  expect(whole.choices[0]?.message.content).toBe('quick')
  await expect.poll(() => slow.dropped_at.length).toBe(1)
  await expect
    .poll(async () => {
      await stack.settle()
      const rows = await database.withTenant(stack.auth, (tx) =>
        tx.selectFrom('model_call').select(['provider', 'outcome']).orderBy('provider').execute(),
      )
      return rows
    })
    .toEqual([
      { provider: 'quick', outcome: 'finished' },
      { provider: 'slow', outcome: 'cancelled' },
    ])
  await stack.close()
  await Promise.all([slow.close(), quick.close()])
})
