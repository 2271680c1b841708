import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  RequestEvent,
  RouteDecision,
} from '../../src/shared/assistant-protocol.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { LOCAL, startBench } from './support/assistant-bench.ts'
import { ask, eventsOf, requestIdOf, textOf } from './support/event-stream.ts'
import { startModelBench, type ModelBench } from './support/model-bench.ts'
import { textOfMessage, type Reply, type WireMessage } from './support/scripted-model.ts'

let on: ModelBench
let script: (messages: WireMessage[]) => Reply
const SMALL: RouteDecision = { ...LOCAL, handler: 'small' }

beforeAll(async () => {
  on = await startModelBench({
    answer: (messages) => script(messages),
    brain: async function* () {
      yield { type: 'pass', reason: 'Not mine.' }
    },
    route: ({ text }) => (text.startsWith('local') ? LOCAL : SMALL),
  })
})
afterAll(() => on.stop())
beforeEach(() => {
  on.model.requests.length = 0
})

const caller = () => on.bench.as(PEOPLE.user.user)
const begin = () => caller().post<Conversation>('/conversations')
const toolResults = (messages: WireMessage[]) => messages.filter(({ role }) => role === 'tool')

const customers = {
  name: 'list_records',
  args: {
    doctype: 'Customer',
    fields: ['name', 'customer_group'],
    limit: 3,
    title: 'Some customers',
  },
}

it('lets the model read, shows the table it gave a title, and streams its words', async () => {
  script = (messages) =>
    toolResults(messages).length === 0
      ? { text: 'Let me look. ', calls: [customers] }
      : { text: 'Here they are.' }
  const events = await ask(caller(), (await begin()).id, 'some customers please')
  expect(textOf(events)).toBe('Let me look. Here they are.')
  const part = events.find((event) => event.type === 'part.added')
  expect(part).toMatchObject({ part: { type: 'table', table: { title: 'Some customers' } } })
  const request = await caller().json<AssistantRequest>(`/requests/${requestIdOf(events)}`)
  expect(request.cost).toMatchObject({ model_calls: 2, input_tokens: 2 })
})

it('reads on by a short name for the long handle', async () => {
  script = (messages) => {
    const results = toolResults(messages)
    if (results.length === 0) return { calls: [customers] }
    if (results.length === 1) {
      const more = { doctype: 'Customer', handle: 'rows-1' }
      return { calls: [{ name: 'list_records', args: more }] }
    }
    return { text: 'That is all.' }
  }
  await ask(caller(), (await begin()).id, 'more customers')
  const [first, second] = toolResults(on.model.requests.at(-1)?.messages ?? []).map((message) =>
    rowsIn(textOfMessage(message)),
  )
  expect(first).toHaveLength(3)
  expect(second).toHaveLength(3)
  expect(second).not.toEqual(first)
})

function rowsIn(text: string): unknown[] {
  const json = text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n'))
  return (JSON.parse(json) as { rows: unknown[] }).rows
}

it('begins every call with the same bytes, so that providers can cache them', async () => {
  script = () => ({ text: 'Hello.' })
  await ask(caller(), (await begin()).id, 'good morning')
  await ask(caller(), (await begin()).id, 'good evening')
  const prefixes = on.model.requests.map(({ messages, tools }) =>
    JSON.stringify([messages[0], tools]),
  )
  expect(new Set(prefixes).size).toBe(1)
})

it('tells the person when the provider breaks off in the middle, and keeps what was shown', async () => {
  script = () => ({ text: 'The first half of ', drop: true })
  const conversation = await begin()
  const events = await ask(caller(), conversation.id, 'tell me')
  expect(textOf(events)).toContain('The first half')
  expect(events.at(-1)).toMatchObject({ type: 'request.failed', error: { code: 'model_failed' } })
  const { data } = await caller().json<{ data: Message[] }>(
    `/conversations/${conversation.id}/messages`,
  )
  expect(data[1]?.text).toContain('The first half')
  expect(data[1]?.parts).toMatchObject([{ type: 'notice', level: 'error' }])
  expect(on.model.requests).toHaveLength(1)
})

it('goes on to a model when the local planner passes', async () => {
  script = () => ({ text: 'The model knows.' })
  const events = await ask(caller(), (await begin()).id, 'local cannot do this')
  expect(textOf(events)).toBe('The model knows.')
})

it('ends a loop of tool calls with an answer', async () => {
  script = (messages) => {
    if (toolResults(messages).length >= 9) return { text: 'Enough.' }
    return { calls: [{ name: 'find_doctype', args: { words: 'customer' } }] }
  }
  const events = await ask(caller(), (await begin()).id, 'go round')
  expect(events.at(-1)?.type).toBe('request.completed')
  expect(textOf(events)).toBe('Enough.')
  expect(on.model.requests.length).toBeLessThanOrEqual(10)
})

it('shows one card for all proposals of a turn, and says in words only what is true', async () => {
  script = (messages) => {
    if (toolResults(messages).length > 0) return { text: 'Please look at the card.' }
    const values = { customer_details: 'from the model' }
    const name = customerName
    return {
      calls: [
        { name: 'propose_update', args: { doctype: 'Customer', name, values } },
        {
          name: 'propose_update',
          args: { doctype: 'Customer', name, values: { website: 'model.example' } },
        },
      ],
    }
  }
  const customerName = String(
    (await on.person.session.list('Customer', { fields: ['name'], limit: 1 }))[0]?.name,
  )
  const events = await ask(caller(), (await begin()).id, 'change it')
  const cards = events.filter((event) => event.type === 'operation_list.proposed')
  expect(cards).toHaveLength(1)
  expect(cards[0]).toMatchObject({ operation_list: { state: 'proposed' } })
  const told = toolResults(on.model.requests.at(-1)?.messages ?? []).map(textOfMessage)
  expect(told.every((text) => text.includes('Nothing is saved yet'))).toBe(true)
})

it('lets running requests finish when it is stopped, and fails the rest honestly', async () => {
  const stopping = await startBench({
    brain: async function* (turn) {
      yield { type: 'text', text: 'Begun. ' }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, turn.text === 'short' ? 100 : 60_000)
        turn.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve(null)
        })
      })
      yield { type: 'text', text: 'Finished.' }
    },
  })
  const ann = stopping.as('ann@example.com')
  const streams = ['short', 'long'].map(async (text) => {
    const conversation = await ann.post<Conversation>('/conversations')
    const answer = await ann.fetch(`/conversations/${conversation.id}/messages`, {
      method: 'POST',
      body: JSON.stringify({ text }),
      headers: { accept: 'text/event-stream' },
    })
    return { conversation, answer }
  })
  const open = await Promise.all(streams)
  const stopped = stopping.feature.stop(1_500)
  const [short, long] = await Promise.all(open.map(({ answer }) => all(answer)))
  await stopped
  expect(short?.at(-1)?.type).toBe('request.completed')
  expect(long?.at(-1)).toMatchObject({ type: 'request.failed', error: { code: 'interrupted' } })
  const late = await ann.fetch(`/conversations/${open[0]?.conversation.id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'late' }),
  })
  expect(late.status).toBe(503)
  await stopping.stop()
})

async function all(answer: Response): Promise<RequestEvent[]> {
  const events: RequestEvent[] = []
  for await (const event of eventsOf(answer)) events.push(event)
  return events
}
