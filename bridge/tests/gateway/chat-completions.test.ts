import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  mockProvider,
  openGatewayDatabase,
  startGatewayStack,
  type GatewayStack,
  type StackOptions,
} from '../../bench/gateway-stack.ts'
import {
  answer,
  CHUNK,
  refuse,
  startStream,
  startUpstream,
  type Behaviour,
  type MockUpstream,
} from '../../bench/gateway-upstream.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase
let upstream: MockUpstream
let stack: GatewayStack | null = null

beforeAll(async () => {
  database = await openGatewayDatabase()
  upstream = await startUpstream(answer(['Hello', ' you']))
}, 60_000)

afterEach(async () => {
  await stack?.close()
  stack = null
  upstream.calls = 0
})

afterAll(async () => {
  await upstream.close()
  await database.close()
})

async function start(behaviour: Behaviour, changes: Partial<StackOptions> = {}): Promise<OpenAI> {
  upstream.behave(behaviour)
  stack = await startGatewayStack({
    database,
    providers: [mockProvider('mock', upstream.url, 1)],
    ...changes,
  })
  return clientOf(stack.token)
}

function clientOf(token: string): OpenAI {
  return new OpenAI({ apiKey: token, baseURL: `${stack!.url}/v1`, maxRetries: 0 })
}

const ASK = {
  model: 'steward-small',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello?' }],
}

test("OpenAI's own client gets a whole answer with usage, cached tokens inside the total", async () => {
  const client = await start(answer(['Hello', ' you']))
  const whole = await client.chat.completions.create(ASK)
  expect(whole.choices[0]).toMatchObject({
    finish_reason: 'stop',
    message: { role: 'assistant', content: 'Hello you' },
  })
  expect(whole.usage).toMatchObject({
    prompt_tokens: 20,
    completion_tokens: 8,
    total_tokens: 28,
    prompt_tokens_details: { cached_tokens: 12 },
  })
})

test('a streamed answer arrives in pieces and ends with usage when asked for', async () => {
  const client = await start(answer(['a', 'b', 'c'], 15))
  const stream = await client.chat.completions.create({
    ...ASK,
    stream: true,
    stream_options: { include_usage: true },
  })
  const pieces: string[] = []
  let finish: string | null = null
  let total = 0
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta.content
    if (delta) pieces.push(delta)
    finish = chunk.choices[0]?.finish_reason ?? finish
    total = chunk.usage?.total_tokens ?? total
  }
  expect([pieces, finish, total]).toEqual([['a', 'b', 'c'], 'stop', 28])
})

test('tool calls pass through whole and in pieces', async () => {
  const piece = (call: object) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })}\n\n`
  const behaviour: Behaviour = (res) => {
    startStream(res)
    res.write(piece({ index: 0, id: 'call_9', function: { name: 'find', arguments: '' } }))
    res.write(piece({ index: 0, function: { arguments: '{"words":' } }))
    res.write(piece({ index: 0, function: { arguments: '"chairs"}' } }))
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }
    res.end(`data: ${JSON.stringify(end)}\n\n${CHUNK.usage}${CHUNK.done}`)
  }
  const client = await start(behaviour)
  const tools = [
    { type: 'function' as const, function: { name: 'find', parameters: { type: 'object' } } },
  ]
  const whole = await client.chat.completions.create({ ...ASK, tools })
  const expected = [
    { id: 'call_9', type: 'function', function: { name: 'find', arguments: '{"words":"chairs"}' } },
  ]
  expect(whole.choices[0]?.finish_reason).toBe('tool_calls')
  expect(whole.choices[0]?.message.tool_calls).toEqual(expected)
  const streamed = await client.chat.completions.stream({ ...ASK, tools }).finalChatCompletion()
  expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject(expected[0]!)
})

test('a cut stream reaches the client as an error, never as a finished answer', async () => {
  const client = await start((res) => {
    startStream(res)
    res.end(CHUNK.text('Hello'))
  })
  const stream = await client.chat.completions.create({ ...ASK, stream: true })
  const read = async () => {
    for await (const chunk of stream) expect(chunk.choices[0]?.finish_reason).toBeNull()
  }
  await expect(read()).rejects.toThrow(/before it was complete/)
})

test('errors have the form the client knows', async () => {
  const client = await start(answer(['x']))
  await expect(clientOf('sk-steward-nonsense').models.list()).rejects.toMatchObject({
    status: 401,
    code: 'unauthenticated',
  })
  await expect(client.chat.completions.create({ ...ASK, model: 'gpt-none' })).rejects.toMatchObject(
    {
      status: 404,
      code: 'not_found',
    },
  )
  await expect(client.chat.completions.create({ ...ASK, messages: [] })).rejects.toMatchObject({
    status: 400,
    param: 'messages',
  })
  expect(upstream.calls).toBe(0)
})

test("a provider's pause is passed on when no other can answer and it is too long to wait", async () => {
  const client = await start(refuse(429, { message: 'slow' }, { 'retry-after': '30' }))
  const error = await client.chat.completions.create(ASK).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ status: 429 })
  expect((error as { headers: Headers }).headers.get('retry-after')).toBe('30')
})

test('a short pause of the only provider is waited for', async () => {
  let asked = 0
  const client = await start((res, req) => {
    asked += 1
    if (asked === 1) refuse(429, { message: 'slow' }, { 'retry-after-ms': '600' })(res, req)
    else answer(['fine'])(res, req)
  })
  const whole = await client.chat.completions.create(ASK)
  expect(whole.choices[0]?.message.content).toBe('fine')
  expect(asked).toBe(2)
})

test('a content refusal by the provider is not taken to another one', async () => {
  const other = await startUpstream(answer(['never']))
  const client = await start(
    refuse(400, { message: 'flagged by our content policy', code: 'content_policy_violation' }),
    {
      providers: [mockProvider('first', upstream.url, 1), mockProvider('second', other.url, 2)],
    },
  )
  await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({
    code: 'content_refused',
  })
  expect(other.calls).toBe(0)
  await other.close()
})

test('a model without a known price is refused, unless the record says it is free', async () => {
  const client = await start(answer(['x']), { ceiling: null })
  await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({
    status: 503,
    code: 'price_unknown',
  })
  await stack!.close()
  const provider = mockProvider('mock', upstream.url, 1)
  provider.connection.free_models = ['mock-1']
  const free = await start(answer(['x']), { ceiling: null, providers: [provider] })
  await free.chat.completions.create(ASK)
  await stack!.settle()
  const usage = await (await fetch(`${stack!.url}/v1/usage`)).json()
  expect(usage).toMatchObject({ calls: 1, cost_usd: 0, input_tokens: 20 })
})

test('concurrent calls cannot spend more than the team has', async () => {
  // The worst case of a call is about 2.4 million nano-dollars; real cost 280,000.
  const client = await start(answer(['Hello', ' you'], 20), {
    plan: { model_nano_usd: 6_000_000n },
  })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, () => client.chat.completions.create(ASK)),
  )
  const done = outcomes.filter((one) => one.status === 'fulfilled').length
  expect(done).toBeGreaterThan(1)
  for (const one of outcomes) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'budget_exceeded' })
  }
  await stack!.settle()
  const usage = (await (await fetch(`${stack!.url}/v1/usage`)).json()) as { cost_usd: number }
  expect(usage.cost_usd).toBeCloseTo(done * 0.00028, 8)
  expect(usage.cost_usd).toBeLessThanOrEqual(0.006)
})

test('a team with little money left gets a shorter answer instead of none', async () => {
  // Four thousand tokens cost 40 million nano-dollars, which is twice what the team has.
  const client = await start(answer(['short']), { plan: { model_nano_usd: 20_000_000n } })
  await client.chat.completions.create({ ...ASK, max_tokens: 4_000 })
  const sent = JSON.parse(upstream.last_body) as { max_tokens: number }
  expect(sent.max_tokens).toBeGreaterThan(1_500)
  expect(sent.max_tokens * 10_000).toBeLessThan(20_000_000)
})

test('the requests of a plan run out for the team', async () => {
  const client = await start(answer(['x']), { plan: { requests: 2 } })
  await client.chat.completions.create(ASK)
  await client.chat.completions.create(ASK)
  await expect(client.chat.completions.create(ASK)).rejects.toMatchObject({
    status: 429,
    code: 'quota_exceeded',
  })
})

test('a key is limited, scoped, expires, and stops when revoked', async () => {
  await start(answer(['x']), { requests_per_minute: 2 })
  const client = clientOf(stack!.token)
  await client.models.list()
  await client.models.list()
  await expect(client.models.list()).rejects.toMatchObject({ status: 429, code: 'rate_limited' })
  const make = async (body: object) =>
    (await (
      await fetch(`${stack!.url}/v1/api-keys`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'k', ...body }),
      })
    ).json()) as { id: string; token: string }
  const expired = await make({ expires_at: '2020-01-01T00:00:00Z' })
  await expect(clientOf(expired.token).models.list()).rejects.toMatchObject({ status: 401 })
  const scoped = await make({ scopes: ['usage'] })
  await expect(clientOf(scoped.token).models.list()).rejects.toMatchObject({ status: 403 })
  const good = await make({})
  const listed = await clientOf(good.token).models.list()
  expect(listed.data.map((model) => model.id)).toEqual(['steward-small', 'steward-large', 'mock-1'])
  const gone = await fetch(`${stack!.url}/v1/api-keys/${good.id}`, { method: 'DELETE' })
  expect(gone.status).toBe(204)
  await expect(clientOf(good.token).models.list()).rejects.toMatchObject({ status: 401 })
  const stored = await database.withTenant(stack!.auth, (tx) =>
    tx.selectFrom('api_key').selectAll().execute(),
  )
  expect(JSON.stringify(stored)).not.toContain(good.token.split('.')[1])
})

test('costs are shown by person, route, model and day, as JSON and CSV', async () => {
  const client = await start(answer(['Hello']))
  await client.chat.completions.create(ASK)
  await client.chat.completions.create({ ...ASK, model: 'mock/mock-1' })
  for (const [by, key] of [
    ['person', 'someone@example.com'],
    ['route', 'api'],
    ['model', 'mock/mock-1'],
    ['day', new Date().toISOString().slice(0, 10)],
  ]) {
    const costs = await (await fetch(`${stack!.url}/v1/usage/costs?by=${by}`)).json()
    expect(costs).toMatchObject({ by, data: [{ key, calls: 2, cost_usd: 0.00056 }] })
  }
  const csv = await (await fetch(`${stack!.url}/v1/usage/costs?by=model&format=csv`)).text()
  expect(csv.split('\r\n')[0]).toBe(
    'model,calls,failed_calls,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,cost_usd,large_model_cost_usd',
  )
  expect(csv.split('\r\n')[1]).toMatch(/^"mock\/mock-1",2,0,40,24,16,0,0.00056,0.00056$/)
})
