import { afterAll, beforeAll, expect, it } from 'vitest'
import { answer, refuse, startUpstream, type MockUpstream } from '../../bench/gateway-upstream.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge
let failing: MockUpstream
let healthy: MockUpstream
let manager: BridgeSession
let token: string

beforeAll(async () => {
  failing = await startUpstream(refuse(500, { message: 'Broken.' }))
  healthy = await startUpstream(answer(['Hello', ' there']))
  bridge = await startTestBridge({
    environment: {
      STEWARD_ALLOW_PRIVATE_ENDPOINTS: 'true',
      STEWARD_UNKNOWN_PRICE_CEILING_USD: '10',
    },
  })
  for (const [name, upstream] of Object.entries({ first: failing, second: healthy })) {
    bridge.sandbox.site.run('Administrator', (site) =>
      site.insert({
        doctype: 'Steward Model Provider',
        provider_name: name,
        kind: 'openai_compatible',
        enabled: 1,
        priority: name === 'first' ? 1 : 2,
        base_url: upstream.url,
        small_models: 'tiny',
      }),
    )
  }
  manager = await signIn(bridge, PEOPLE.manager.user, PEOPLE.manager.password)
  const made = await manager.call('/api-keys', {
    method: 'POST',
    body: JSON.stringify({ name: 'Reports' }),
  })
  token = ((await made.json()) as { token: string }).token
})
afterAll(async () => {
  await bridge.stop()
  await failing.close()
  await healthy.close()
})

const chat = (headers: Record<string, string> = {}) =>
  fetch(`${bridge.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'steward-small',
      messages: [{ role: 'user', content: 'Say hello.' }],
    }),
  })

it('lists every call of a request with what it took, the one that was fallen back from too', async () => {
  const { id } = (await (await chat()).json()) as { id: string }
  const read = await manager.call(`/requests/${id}/model-calls`)
  const { data } = (await read.json()) as { data: Record<string, unknown>[] }
  expect(data).toMatchObject([
    { provider: 'first', model: 'tiny', tier: 'small', outcome: 'server_error', cost_usd: 0 },
    { provider: 'second', model: 'tiny', outcome: 'finished', finish_reason: 'stop' },
  ])
  expect(data[1]!['output_tokens']).toBeGreaterThan(0)
  expect(data[1]!['cost_usd']).toBeGreaterThan(0)
  const ivy = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
  const theirs = await ivy.call(`/requests/${id}/model-calls`)
  expect(await theirs.json()).toEqual({ data: [] })
})

it('calls and charges once for one Idempotency-Key', async () => {
  const before = healthy.calls
  const first = await chat({ 'idempotency-key': 'chat-once-0001' })
  const again = await chat({ 'idempotency-key': 'chat-once-0001' })
  expect(await again.json()).toEqual(await first.json())
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(healthy.calls).toBe(before + 1)
})
