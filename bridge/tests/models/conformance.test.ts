import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createModels,
  type ModelEvent,
  type ModelRequest,
  type ProviderConnection,
} from '../../src/platform/models/index.ts'
import { anthropicWire } from './wire-anthropic.ts'
import { chatWire } from './wire-chat.ts'
import { openAiWire } from './wire-openai.ts'

const models = createModels({ allow_private_endpoints: true })

interface Reply {
  status: number
  body: string
  headers: Record<string, string>
  /** Break the connection after the body instead of ending it. */
  drop?: boolean
}

let local: Server
let localUrl = ''
let localReply: Reply | null = null
let sentBody = ''
let localClosed: Promise<void>

beforeAll(async () => {
  local = createServer((req, res) => {
    sentBody = ''
    localClosed = new Promise((resolve) => res.on('close', () => resolve()))
    req.on('data', (piece: Buffer) => (sentBody += piece.toString()))
    req.on('end', () => {
      if (localReply === null) return
      const { status, headers, body, drop } = localReply
      res.writeHead(status, headers)
      if (drop) res.write(body, () => setTimeout(() => res.destroy(), 5))
      else res.end(body)
    })
  })
  await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve))
  localUrl = `http://127.0.0.1:${(local.address() as AddressInfo).port}/v1`
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
})

afterEach(() => nock.cleanAll())

afterAll(async () => {
  nock.restore()
  await models.close()
  local.closeAllConnections()
  await new Promise((resolve) => local.close(resolve))
})

const REQUEST: ModelRequest = {
  model: 'gpt-6-sol',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', media_type: 'image/png', data: 'aGk=' },
      ],
    },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'call_0', name: 'find', arguments: '{"words":"tables"}' }],
    },
    { role: 'tool', tool_call_id: 'call_0', content: 'three tables', is_error: false },
  ],
  tools: [
    {
      name: 'find',
      description: 'Find things',
      parameters: { type: 'object', properties: { words: { type: 'string' } } },
    },
  ],
  tool_choice: 'auto',
  max_output_tokens: 200,
  cache_prefix_messages: 1,
  output_schema: { name: 'answer', schema: { type: 'object' } },
}

/** The providers on the internet are stood in for by nock; a compatible server is a real one. */
const PROVIDERS = [
  { kind: 'openai', host: 'https://api.openai.com', path: '/v1/responses', wire: openAiWire },
  { kind: 'xai', host: 'https://api.x.ai', path: '/v1/responses', wire: openAiWire },
  {
    kind: 'anthropic',
    host: 'https://api.anthropic.com',
    path: '/v1/messages',
    wire: anthropicWire,
  },
  { kind: 'openai_compatible', host: null, path: '/v1/chat/completions', wire: chatWire },
] as const

describe.each(PROVIDERS)('$kind', ({ kind, host, path, wire }) => {
  const connection = (): ProviderConnection => ({
    name: `my ${kind}`,
    kind,
    base_url: host === null ? localUrl : null,
    api_key: 'sk-secret-of-the-test',
  })

  const answers = (body: string, changes: Partial<Reply> = {}) => {
    const reply = { status: 200, body, headers: { 'content-type': wire.contentType }, ...changes }
    if (host === null) {
      localReply = reply
      return
    }
    nock(host)
      .post(path, (sent: unknown) => {
        sentBody = JSON.stringify(sent)
        return true
      })
      .reply(reply.status, reply.body, reply.headers)
  }

  const collect = async (signal = new AbortController().signal) => {
    const events: ModelEvent[] = []
    try {
      for await (const event of models.stream(connection(), REQUEST, signal)) events.push(event)
      return { events, failure: null }
    } catch (failure) {
      return { events, failure: failure as { kind: string } & Error }
    }
  }

  const textOf = (events: ModelEvent[]): string =>
    events.map((event) => (event.type === 'text' ? event.text : '')).join('')

  test('streams text without empty pieces and ends with finish', async () => {
    answers(wire.text)
    const { events, failure } = await collect()
    expect(failure).toBeNull()
    const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []))
    expect(texts.join('')).toBe('Hello')
    expect(texts).not.toContain('')
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('counts cached input inside the input and reasoning inside the output', async () => {
    answers(wire.text)
    const { events } = await collect()
    const last = events.findLast((event) => event.type === 'usage')
    expect(last?.usage).toMatchObject({
      input_tokens: wire.usage.input,
      cached_input_tokens: wire.usage.cached,
      cache_write_tokens: wire.usage.written,
      output_tokens: wire.usage.output,
      reasoning_tokens: wire.usage.reasoning,
    })
  })

  test('gives a tool call in pieces and whole', async () => {
    answers(wire.toolCall)
    const { events } = await collect()
    const pieces = events.filter((event) => event.type === 'tool_call_delta')
    expect(pieces.map((piece) => piece.arguments).join('')).toBe('{"words":"chairs"}')
    expect(events).toContainEqual({
      type: 'tool_call',
      call: { id: 'call_1', name: 'find', arguments: '{"words":"chairs"}' },
    })
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool_calls' })
  })

  test('a refusal is a refusal, not an answer', async () => {
    answers(wire.refusal)
    const { events, failure } = await collect()
    expect(failure).toBeNull()
    expect(events.some((event) => event.type === 'refusal' && event.text !== '')).toBe(true)
    expect(events.at(-1)).toMatchObject({ reason: 'content_filter' })
  })

  test('an answer cut by its limit says length', async () => {
    answers(wire.tooLong)
    const { events } = await collect()
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'length' })
  })

  test('an error in the middle keeps what came and fails', async () => {
    answers(wire.errorAfterText)
    const { events, failure } = await collect()
    expect(textOf(events)).toBe('Hel')
    expect(failure?.kind).toBe('server_error')
    expect(events.some((event) => event.type === 'finish')).toBe(false)
  })

  test('a stream that just ends is truncated, never finished', async () => {
    answers(wire.cut)
    const { events, failure } = await collect()
    expect(textOf(events)).toBe('Hel')
    expect(failure?.kind).toBe('truncated_stream')
    expect(events.some((event) => event.type === 'finish')).toBe(false)
  })

  test('an unreadable event is malformed', async () => {
    answers(wire.malformed)
    const { failure } = await collect()
    expect(failure?.kind).toBe('malformed_response')
  })

  test('HTML with status 200 is malformed', async () => {
    answers('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } })
    const { events, failure } = await collect()
    expect(events).toEqual([])
    expect(failure?.kind).toBe('malformed_response')
  })

  test.each([
    [400, 'prompt is too long: 250000 tokens > 200000 maximum', 'context_too_long'],
    [400, 'Your credit balance is too low to access the API', 'out_of_credit'],
    [402, 'Payment required', 'out_of_credit'],
    [403, 'This team has used all available credits', 'out_of_credit'],
    [429, 'You exceeded your current quota', 'out_of_credit'],
    [429, 'Too many requests', 'rate_limited'],
    [529, 'Overloaded', 'overloaded'],
    [503, 'Service unavailable', 'server_error'],
    [500, 'Internal error', 'server_error'],
    [401, 'Invalid key', 'authentication'],
    [404, 'No such model', 'model_not_found'],
    [400, 'Flagged by our content policy', 'content_refused'],
    [400, 'Bad tool schema', 'invalid_request'],
  ])('status %i "%s" is %s', async (status, message, kind) => {
    answers(JSON.stringify(wire.error(message, null)), {
      status,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
    })
    const { failure } = await collect()
    expect(failure).toMatchObject({
      kind,
      status,
      retry_after_ms: 7_000,
      provider_message: expect.stringContaining(message),
    })
    expect(JSON.stringify(failure)).not.toContain('sk-secret-of-the-test')
    expect(failure?.message).not.toContain('sk-secret-of-the-test')
  })

  test('sends system text, image, tool call and result, tools and the schema', async () => {
    answers(wire.text)
    await collect()
    for (const part of ['Be brief.', 'aGk=', 'call_0', 'three tables', 'Find things', 'schema']) {
      expect(sentBody).toContain(part)
    }
    const body = JSON.parse(sentBody) as Record<string, unknown>
    if (kind === 'openai' || kind === 'xai') expect(body['store']).toBe(false)
    if (kind === 'anthropic') {
      expect(body['system']).toMatchObject([{ cache_control: { type: 'ephemeral' } }])
    }
  })

  test('stops at once when it is aborted before it began', async () => {
    const { failure } = await collect(AbortSignal.abort())
    expect(failure?.kind).toBe('cancelled')
  })

  test('a provider that cannot be reached fails to connect', async () => {
    if (host === null) {
      const gone = { ...connection(), base_url: 'http://127.0.0.1:9/v1' }
      const run = async () => {
        for await (const event of models.stream(gone, REQUEST, new AbortController().signal)) {
          expect(event).toBeNull()
        }
      }
      await expect(run()).rejects.toMatchObject({ kind: 'connect' })
      return
    }
    nock(host)
      .post(path)
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    expect((await collect()).failure?.kind).toBe('connect')
  })
})

describe.each([
  { kind: 'openai', wire: openAiWire },
  { kind: 'anthropic', wire: anthropicWire },
  { kind: 'openai_compatible', wire: chatWire },
] as const)('$kind at an address of its own', ({ kind, wire }) => {
  const connection = (): ProviderConnection => ({
    name: 'own',
    kind,
    base_url: kind === 'anthropic' ? localUrl.replace('/v1', '') : localUrl,
    api_key: 'k',
  })

  test('a connection that breaks in the middle is a cut answer', async () => {
    localReply = {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: wire.cut,
      drop: true,
    }
    const seen: string[] = []
    const run = async () => {
      for await (const event of models.stream(
        connection(),
        REQUEST,
        new AbortController().signal,
      )) {
        seen.push(event.type)
      }
    }
    await expect(run()).rejects.toMatchObject({ kind: 'truncated_stream' })
    expect(seen).toContain('text')
    expect(seen).not.toContain('finish')
  })

  test('aborting in the middle closes the connection', async () => {
    localReply = null
    const stop = new AbortController()
    const arrived = new Promise<void>((resolve) => local.once('request', () => resolve()))
    const run = async () => {
      for await (const event of models.stream(connection(), REQUEST, stop.signal)) {
        expect(event).toBeNull()
      }
    }
    const running = expect(run()).rejects.toMatchObject({ kind: 'cancelled' })
    await arrived
    stop.abort()
    await running
    await localClosed
  })
})

test.each([
  ['/v1/', '/v1/chat/completions'],
  ['', '/chat/completions'],
  ['/openai/v1?api-version=preview', '/openai/v1/chat/completions?api-version=preview'],
])('a compatible server at %o is called at %o', async (address, called) => {
  localReply = {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: chatWire.text,
  }
  const arrived = new Promise<string>((resolve) =>
    local.once('request', (req) => resolve(req.url ?? '')),
  )
  const connection: ProviderConnection = {
    name: 'own',
    kind: 'openai_compatible',
    base_url: localUrl.replace('/v1', address),
    api_key: 'k',
  }
  const events = models.stream(connection, REQUEST, new AbortController().signal)
  for await (const event of events) if (event.type === 'finish') expect(event.reason).toBe('stop')
  expect(await arrived).toBe(called)
})
