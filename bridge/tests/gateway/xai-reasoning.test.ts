import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  openGatewayDatabase,
  startGatewayStack,
  type GatewayStack,
} from '../../bench/gateway-stack.ts'
import { startUpstream, type MockUpstream } from '../../bench/gateway-upstream.ts'
import type { OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase
let upstream: MockUpstream
let stack: GatewayStack
/** Ends the answer; without it the provider goes on speaking. */
let completes: boolean

const USAGE = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 25 },
  total_tokens: 52,
}
const THOUGHT = 'Let me think: END is a word.'
const EVENTS = [
  ['response.created', { response: { id: 'resp_1', status: 'in_progress', model: 'grok-4' } }],
  ['response.reasoning_summary_text.delta', { delta: 'Let me think: END' }],
  ['response.reasoning_summary_text.delta', { delta: ' is a word.' }],
  ['response.output_text.delta', { delta: 'One, two. E' }],
  ['response.output_text.delta', { delta: 'ND and more' }],
] as const

beforeAll(async () => {
  database = await openGatewayDatabase()
  upstream = await startUpstream((res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (type: string, members: object) =>
      res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`)
    for (const [type, members] of EVENTS) write(type, members)
    if (!completes) return
    const response = { id: 'resp_1', model: 'grok-4', status: 'completed', usage: USAGE }
    write('response.completed', { response })
    res.end()
  })
}, 60_000)
afterAll(async () => {
  await upstream.close()
  await database.close()
})
beforeEach(async () => {
  completes = true
  upstream.dropped_at.length = 0
  stack = await startGatewayStack({
    database,
    providers: [
      {
        connection: { name: 'xAI', kind: 'xai', base_url: upstream.url, api_key: 'k' },
        small_models: ['grok-4'],
        large_models: [],
        priority: 1,
      },
    ],
  })
})
afterEach(() => stack.close())

const ASK = {
  model: 'steward-small',
  messages: [{ role: 'user' as const, content: 'Count.' }],
}

interface Said {
  text: string
  reasoning: string
  finish: string | null
  reasoning_tokens: number | undefined
}

type Reasoned<T> = T & { reasoning_content?: string }

async function ask(stream: boolean, more: object = {}): Promise<Said> {
  const client = new OpenAI({ apiKey: stack.token, baseURL: `${stack.url}/v1`, maxRetries: 0 })
  if (!stream) {
    const answer = await client.chat.completions.create({ ...ASK, ...more })
    const choice = answer.choices[0]!
    return {
      text: choice.message.content ?? '',
      reasoning: (choice.message as Reasoned<typeof choice.message>).reasoning_content ?? '',
      finish: choice.finish_reason,
      reasoning_tokens: answer.usage?.completion_tokens_details?.reasoning_tokens,
    }
  }
  const said: Said = { text: '', reasoning: '', finish: null, reasoning_tokens: undefined }
  const chunks = await client.chat.completions.create({
    ...{ ...ASK, ...more },
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const { choices, usage } of chunks) {
    const delta = choices[0]?.delta as Reasoned<{ content?: string | null }> | undefined
    said.text += delta?.content ?? ''
    said.reasoning += delta?.reasoning_content ?? ''
    said.finish = choices[0]?.finish_reason ?? said.finish
    said.reasoning_tokens = usage?.completion_tokens_details?.reasoning_tokens ?? undefined
  }
  return said
}

it.each([false, true])(
  'hands out what the model thought beside its answer (streamed: %s)',
  async (stream) => {
    expect(await ask(stream)).toEqual({
      text: 'One, two. END and more',
      reasoning: THOUGHT,
      finish: 'stop',
      reasoning_tokens: 25,
    })
    const sent = JSON.parse(upstream.last_body) as Record<string, unknown>
    expect(sent).toMatchObject({ model: 'grok-4', store: false })
    await stack.settle()
    const rows = await stack.database.withTenant(stack.auth, (tx) =>
      tx.selectFrom('model_call').select(['output_tokens', 'reasoning_tokens']).execute(),
    )
    expect(rows).toEqual([{ output_tokens: 40, reasoning_tokens: 25 }])
  },
)

it.each([false, true])(
  'stops at the words in the answer, not at those in the thoughts (streamed: %s)',
  async (stream) => {
    completes = false
    expect(await ask(stream, { stop: ['END'] })).toMatchObject({
      text: 'One, two. ',
      reasoning: THOUGHT,
      finish: 'stop',
    })
    // The Responses API has no `stop`: it is never sent, and the provider is hung up on.
    expect(JSON.parse(upstream.last_body)).not.toHaveProperty('stop')
    await expect.poll(() => upstream.dropped_at.length).toBe(1)
  },
)

it('asks for the thoughts to be carried on only where there are tools to call', async () => {
  await ask(false)
  expect(JSON.parse(upstream.last_body)).not.toHaveProperty('include')
  const find = { name: 'find', parameters: { type: 'object', properties: {} } }
  await ask(false, { tools: [{ type: 'function', function: find }] })
  expect(JSON.parse(upstream.last_body)).toMatchObject({ include: ['reasoning.encrypted_content'] })
})
