import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  RequestEvent,
} from '../../src/shared/assistant-protocol.ts'
import { StewardError } from '../../src/shared/errors.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import { startBench, type Bench } from './support/assistant-bench.ts'
import { ask, eventsOf, requestIdOf, textOf } from './support/event-stream.ts'
import { Gate } from './support/gate.ts'

let bench: Bench
const gates = new Map<string, Gate>()
const gate = (name: string): Gate => {
  const known = gates.get(name) ?? new Gate()
  gates.set(name, known)
  return known
}

beforeAll(async () => {
  bench = await startBench({ brain })
})
afterAll(() => bench.stop())

/** `slow x` says a word and waits for the gate `x`; `break` fails after a word; `many` is long. */
async function* brain(turn: Turn): AsyncGenerator<BrainEvent> {
  const [kind, name = ''] = turn.text.split(' ')
  if (kind === 'empty') throw new StewardError('model_failed', 'No model answered.')
  if (kind === 'defect') throw new TypeError('secret inside')
  yield { type: 'text', text: 'one ' }
  if (kind === 'break') throw new StewardError('model_failed', 'The provider hung up.')
  if (kind === 'slow') {
    gate(name).reached()
    await Promise.race([gate(name).opened, aborted(turn.signal)])
    turn.signal.throwIfAborted()
  }
  if (kind === 'many') {
    for (let count = 0; count < 300; count += 1) yield { type: 'text', text: `${count} ` }
  }
  if (kind === 'question') {
    await turn.tools.call('ask_person', {
      text: 'Which one?',
      options: [{ value: 'a', label: 'A' }],
    })
  }
  yield { type: 'text', text: 'two' }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

const ann = () => bench.as('ann@example.com')
const begin = () => ann().post<Conversation>('/conversations')

async function events(id: string, after: number): Promise<RequestEvent[]> {
  const answer = await ann().fetch(`/requests/${id}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
  })
  const read: RequestEvent[] = []
  for await (const event of eventsOf(answer)) read.push(event)
  return read
}

it('streams the first words while the answer is still being made', async () => {
  const conversation = await begin()
  const answer = await ann().fetch(`/conversations/${conversation.id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'slow first' }),
    headers: { accept: 'text/event-stream' },
  })
  const stream = eventsOf(answer)
  const seen: RequestEvent[] = []
  for await (const event of stream) {
    seen.push(event)
    if (event.type === 'text.delta' && event.text === 'one ') gate('first').open()
  }
  expect(textOf(seen)).toBe('one two')
  expect(seen.at(-1)?.type).toBe('request.completed')
})

it('can be read on from every event without loss or repetition', async () => {
  const whole = await ask(ann(), (await begin()).id, 'many')
  const id = requestIdOf(whole)
  expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_event, index) => index + 1))
  for (const after of [0, 1, 2, 57, whole.length - 1]) {
    expect(await events(id, after)).toEqual(whole.slice(after))
  }
  const listed = await ann().json<{ data: RequestEvent[] }>(`/requests/${id}/events?after=3`)
  expect(listed.data).toEqual(whole.slice(3))
})

it('lets a second reader join a request that is still running', async () => {
  const conversation = await begin()
  const first = ask(ann(), conversation.id, 'slow join')
  await gate('join').waiting
  const { data } = await ann().json<{ data: AssistantRequest[] }>(
    `/requests?conversation_id=${conversation.id}`,
  )
  const second = events(data[0]?.id ?? '', 0)
  gate('join').open()
  const seen = await first
  expect(await second).toEqual(seen)
})

it('stops at once when cancelled, whatever the brain waits for, and keeps what was shown', async () => {
  const conversation = await begin()
  const reading = ask(ann(), conversation.id, 'slow cancel')
  await gate('cancel').waiting
  const { data } = await ann().json<{ data: AssistantRequest[] }>(
    `/requests?conversation_id=${conversation.id}`,
  )
  const cancelled = await ann().post<AssistantRequest>(`/requests/${data[0]?.id}/cancel`)
  expect(cancelled.state).toBe('cancelled')
  const seen = await reading
  expect(textOf(seen)).toBe('one ')
  expect(seen.at(-1)?.type).toBe('request.cancelled')
  const messages = await ann().json<{ data: Message[] }>(
    `/conversations/${conversation.id}/messages`,
  )
  expect(messages.data[1]).toMatchObject({ role: 'assistant', text: 'one ' })
  expect(messages.data[1]?.parts).toMatchObject([{ type: 'notice', code: 'cancelled' }])
})

it('tells the person when the model breaks off, and keeps what was shown', async () => {
  const conversation = await begin()
  const seen = await ask(ann(), conversation.id, 'break')
  expect(textOf(seen)).toBe('one ')
  expect(seen.at(-1)).toMatchObject({ type: 'request.failed', error: { code: 'model_failed' } })
  const messages = await ann().json<{ data: Message[] }>(
    `/conversations/${conversation.id}/messages`,
  )
  expect(messages.data[1]?.text).toBe('one ')
  expect(messages.data[1]?.parts[0]).toMatchObject({ type: 'notice', level: 'error' })
})

it('counts an answer against the quota and gives back what showed nothing', async () => {
  bench.quota.length = 0
  await ask(ann(), (await begin()).id, 'hello')
  await ask(ann(), (await begin()).id, 'empty')
  expect(bench.quota).toEqual(['begin', 'counted', 'begin', 'given back'])
})

it('says nothing of the inside of a defect', async () => {
  const seen = await ask(ann(), (await begin()).id, 'defect')
  expect(JSON.stringify(seen)).not.toContain('secret inside')
  expect(seen.at(-1)).toMatchObject({ type: 'request.failed', error: { code: 'internal' } })
})

it('waits for the person after a question and completes with their next message', async () => {
  const conversation = await begin()
  const asked = await ask(ann(), conversation.id, 'question')
  expect(asked.at(-1)).toMatchObject({ type: 'request.waiting', state: 'waiting_for_person' })
  await ask(ann(), conversation.id, 'a')
  const request = await ann().json<AssistantRequest>(`/requests/${requestIdOf(asked)}`)
  expect(request.state).toBe('completed')
  expect((await events(requestIdOf(asked), 0)).at(-1)?.type).toBe('request.completed')
})

it('answers a repeated message with the request it already has', async () => {
  const conversation = await begin()
  const key = { 'idempotency-key': 'key-0001-abc' }
  const first = await ask(ann(), conversation.id, 'hello', key)
  const again = await ask(ann(), conversation.id, 'hello', key)
  expect(again).toEqual(first)
  const { data } = await ann().json<{ data: Message[] }>(
    `/conversations/${conversation.id}/messages`,
  )
  expect(data).toHaveLength(2)
  await expect(ask(ann(), conversation.id, 'something else', key)).rejects.toThrow('409')
})

it('answers 202 without a stream and finishes all the same', async () => {
  const conversation = await begin()
  const answer = await ann().fetch(`/conversations/${conversation.id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'hello' }),
  })
  expect(answer.status).toBe(202)
  const { request_id } = (await answer.json()) as { request_id: string }
  expect((await events(request_id, 0)).at(-1)?.type).toBe('request.completed')
})

it("shows nobody another person's conversations, requests or events", async () => {
  const seen = await ask(ann(), (await begin()).id, 'hello')
  const bob = bench.as('bob@example.com')
  const id = requestIdOf(seen)
  for (const path of [`/requests/${id}`, `/requests/${id}/events`]) {
    expect((await bob.fetch(path)).status).toBe(404)
  }
  expect((await bob.fetch(`/requests/${id}/cancel`, { method: 'POST' })).status).toBe(404)
  expect((await bob.json<{ data: unknown[] }>('/conversations')).data).toEqual([])
  expect((await bob.json<{ data: unknown[] }>('/requests')).data).toEqual([])
})

it('pages through conversations without loss, renames and deletes them', async () => {
  const carl = bench.as('carl@example.com')
  const made: string[] = []
  for (let count = 0; count < 7; count += 1) {
    made.push((await carl.post<Conversation>('/conversations', { title: `c${count}` })).id)
  }
  const read: string[] = []
  let cursor = ''
  do {
    const page: { data: Conversation[]; next_cursor: string | null } = await carl.json(
      `/conversations?limit=3${cursor && `&cursor=${cursor}`}`,
    )
    read.push(...page.data.map(({ id }) => id))
    cursor = page.next_cursor ?? ''
  } while (cursor)
  expect(read.toSorted()).toEqual(made.toSorted())
  const [id = ''] = made
  const renamed = await carl.json<Conversation>(`/conversations/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ title: 'Mine' }),
  })
  expect(renamed.title).toBe('Mine')
  await carl.json(`/conversations/${id}`, { method: 'DELETE' })
  expect((await carl.fetch(`/conversations/${id}`)).status).toBe(404)
})
