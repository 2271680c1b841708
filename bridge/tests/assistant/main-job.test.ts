import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import { startBench, type Bench } from './support/assistant-bench.ts'
import { ask, requestIdOf, textOf } from './support/event-stream.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench({ brain })
})
afterAll(() => bench.stop())

async function* brain(turn: Turn): AsyncGenerator<BrainEvent> {
  yield { type: 'text', text: `You said: ${turn.text}` }
  if (turn.text.startsWith('note')) {
    await turn.tools.call('propose_create', {
      doctype: 'ToDo',
      values: { description: turn.text },
    })
  }
}

const begin = (person: string) => bench.as(person).post<Conversation>('/conversations')

it('takes a message to a card, an approval and a stored outcome', async () => {
  const ann = bench.as('ann@example.com')
  const conversation = await begin('ann@example.com')
  const events = await ask(ann, conversation.id, 'note buy paper')
  expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1))
  expect(textOf(events)).toBe('You said: note buy paper')
  const proposed = events.find((event) => event.type === 'operation_list.proposed')
  const list = proposed?.type === 'operation_list.proposed' ? proposed.operation_list : null
  expect(events.at(-1)).toMatchObject({ type: 'request.waiting', state: 'waiting_for_approval' })
  expect(bench.paper.documents).toEqual([])

  const approved = await ann.post<OperationList>(`/operations/${list?.id}/approve`, {
    hash: list?.hash,
  })
  expect(approved.state).toBe('applied')
  expect(bench.paper.documents).toHaveLength(1)
  const request = await ann.json<AssistantRequest>(`/requests/${requestIdOf(events)}`)
  expect(request.state).toBe('completed')
  expect(request.operation_lists[0]?.outcomes[0]?.state).toBe('applied')

  const { data } = await ann.json<{ data: Message[] }>(`/conversations/${conversation.id}/messages`)
  expect(data.map((message) => message.role)).toEqual(['person', 'assistant'])
  expect(data[1]?.parts).toEqual([{ type: 'operation_list', operation_list_id: list?.id }])
})

it('names a conversation after its first message only', async () => {
  const ann = bench.as('ann@example.com')
  const conversation = await begin('ann@example.com')
  await ask(ann, conversation.id, 'first words')
  await ask(ann, conversation.id, 'second words')
  const read = await ann.json<Conversation>(`/conversations/${conversation.id}`)
  expect(read.title).toBe('first words')
})

it('says that an answer without a model cost nothing, just before it is over', async () => {
  const ann = bench.as('ann@example.com')
  const conversation = await begin('ann@example.com')
  const events = await ask(ann, conversation.id, 'hello')
  expect(events.slice(-2)).toMatchObject([
    { type: 'usage.recorded', cost: { model_calls: 0, input_tokens: 0, output_tokens: 0, usd: 0 } },
    { type: 'request.completed' },
  ])
})
