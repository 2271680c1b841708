import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startUpstream, type MockUpstream } from '../../bench/gateway-upstream.ts'
import {
  createModels,
  type ModelEvent,
  type ModelMessage,
  type ProviderConnection,
  type ProviderItem,
} from '../../src/platform/models/index.ts'
import { anthropicWire } from './wire-anthropic.ts'
import { openAiWire } from './wire-openai.ts'

const models = createModels({ allow_private_endpoints: true })
const TOOL = { name: 'find', description: 'Find', parameters: { type: 'object' } }
let upstream: MockUpstream
let reply = ''

beforeAll(async () => {
  upstream = await startUpstream((res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.end(reply)
  })
})
beforeEach(() => {
  reply = ''
})
afterAll(async () => {
  await models.close()
  await upstream.close()
})

const PROVIDERS = [
  {
    kind: 'openai' as const,
    model: 'gpt-6-sol',
    wire: openAiWire,
    item: { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA-opaque' },
    sent: (body: { input: object[] }) => body.input,
  },
  {
    kind: 'anthropic' as const,
    model: 'claude-opus-5-5',
    wire: anthropicWire,
    item: { type: 'thinking', thinking: 'Let me think.', signature: 'sig-opaque' },
    sent: (body: { messages: { content: object[] }[] }) =>
      body.messages.flatMap(({ content }) => content),
  },
]

describe.each(PROVIDERS)('$kind', ({ kind, model, wire, item, sent }) => {
  const connection = (name: string): ProviderConnection => ({
    name,
    kind,
    base_url: kind === 'anthropic' ? upstream.url.replace('/v1', '') : upstream.url,
    api_key: 'k',
  })

  const ask = async (name: string, asked: string, messages: ModelMessage[]) => {
    const events: ModelEvent[] = []
    const request = {
      model: asked,
      messages,
      tools: [TOOL],
      tool_choice: 'auto' as const,
      max_output_tokens: 100,
    }
    const { signal } = new AbortController()
    for await (const event of models.stream(connection(name), request, signal)) events.push(event)
    return events
  }

  const roundOf = (items: ProviderItem[]): ModelMessage[] => [
    { role: 'user', content: [{ type: 'text', text: 'Find chairs.' }] },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'call_1', name: 'find', arguments: '{}' }],
      provider_items: items,
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'three', is_error: false },
  ]

  const items = async () => {
    reply = wire.reasoningThenTool
    const events = await ask('one', model, roundOf([]).slice(0, 1))
    return events.flatMap((event) => (event.type === 'provider_item' ? [event.item] : []))
  }

  test('what it thought comes out unread and goes back unchanged, before its tool call', async () => {
    const found = await items()
    expect(found).toEqual([{ provider: 'one', model, item }])
    reply = wire.text
    await ask('one', model, roundOf(found))
    const parts = sent(JSON.parse(upstream.last_body) as never) as { type?: string }[]
    const index = parts.findIndex(({ type }) => type === item.type)
    expect(parts[index]).toEqual(item)
    expect(['function_call', 'tool_use']).toContain(parts[index + 1]?.type)
  })

  test('nobody else gets it: not another provider, not another model of this one', async () => {
    const found = await items()
    reply = wire.text
    await ask('two', model, roundOf(found))
    expect(upstream.last_body).not.toContain('opaque')
    await ask('one', `${model}-next`, roundOf(found))
    expect(upstream.last_body).not.toContain('opaque')
  })

  test('it is never text of the answer', async () => {
    reply = wire.reasoningThenTool
    const events = await ask('one', model, roundOf([]).slice(0, 1))
    const shown = events.filter((event) => event.type !== 'provider_item')
    expect(JSON.stringify(shown)).not.toContain('opaque')
  })
})

test('encrypted reasoning is asked for only of models that reason, and only with tools', async () => {
  reply = openAiWire.text
  const base = { messages: [], max_output_tokens: 50, tool_choice: 'auto' as const }
  const connection = { name: 'o', kind: 'openai' as const, base_url: upstream.url, api_key: 'k' }
  const include = async (model: string, tools: (typeof TOOL)[]) => {
    const stream = models.stream(
      connection,
      { ...base, model, tools },
      new AbortController().signal,
    )
    for await (const event of stream) expect(event).toBeTruthy()
    return (JSON.parse(upstream.last_body) as { include?: string[] }).include
  }
  expect(await include('gpt-6-sol', [TOOL])).toEqual(['reasoning.encrypted_content'])
  expect(await include('gpt-6-sol', [])).toBeUndefined()
  expect(await include('gpt-4.1', [TOOL])).toBeUndefined()
})

test('a server of the Chat Completions kind is sent none of it', async () => {
  reply = 'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
  const connection = {
    name: 'c',
    kind: 'openai_compatible' as const,
    base_url: upstream.url,
    api_key: 'k',
  }
  const messages: ModelMessage[] = [
    {
      role: 'assistant',
      content: 'Hi',
      tool_calls: [],
      provider_items: [{ provider: 'c', model: 'm', item: { secret: 'opaque' } }],
    },
  ]
  const request = {
    model: 'm',
    messages,
    tools: [],
    tool_choice: 'none' as const,
    max_output_tokens: 9,
  }
  for await (const event of models.stream(connection, request, new AbortController().signal)) {
    expect(event).toBeTruthy()
  }
  expect(upstream.last_body).not.toContain('opaque')
})
