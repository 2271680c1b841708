import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
  RequestEvent,
} from '../../src/shared/assistant-protocol.ts'
import { createLocalPlanner } from '../../src/features/assistant/planner/index.ts'
import {
  createVocabulary,
  decide,
  shippedModel,
} from '../../src/features/assistant/routing/index.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { LOCAL } from './support/assistant-bench.ts'
import { ask, requestIdOf, textOf } from './support/event-stream.ts'
import { startModelBench, type ModelBench } from './support/model-bench.ts'
import { textOfMessage, type Reply, type WireMessage } from './support/scripted-model.ts'

let on: ModelBench
let script: (messages: WireMessage[]) => Reply

/** What begins with "model" goes to the model, the rest to the local planner. */
beforeAll(async () => {
  const planner = createLocalPlanner()
  const weights = shippedModel()
  on = await startModelBench({
    answer: (messages) => script(messages),
    brain: (turn) => planner.answer(turn),
    route: ({ text, page, history, words }) =>
      text.startsWith('model')
        ? { ...LOCAL, handler: 'small' }
        : decide(
            {
              ...{ text, page, history, vocabulary: createVocabulary(words), thresholds: {} },
              tiers: { small: false, large: false },
            },
            weights,
          ),
  })
})
afterAll(() => on.stop())
beforeEach(() => {
  on.model.requests.length = 0
})

const caller = () => on.bench.as(PEOPLE.user.user)
const begin = async () => (await caller().post<Conversation>('/conversations')).id
const todo = (description: string, replaces?: string) => ({
  name: 'propose_create',
  args: {
    doctype: 'ToDo',
    values: { description, allocated_to: PEOPLE.user.user },
    ...(replaces && { replaces }),
  },
})
const toolResults = (messages: WireMessage[]) =>
  messages.filter(({ role }) => role === 'tool').map((message) => textOfMessage(message))
const situation = (messages: WireMessage[]) =>
  textOfMessage(messages.findLast(({ role }) => role === 'user')!)

function cardsIn(events: RequestEvent[]): OperationList[] {
  return events.flatMap((event) =>
    event.type === 'operation_list.proposed' ? [event.operation_list] : [],
  )
}

async function say(conversation: string, text: string) {
  const events = await ask(caller(), conversation, text)
  const request = () => caller().json<AssistantRequest>(`/requests/${requestIdOf(events)}`)
  return { cards: cardsIn(events), text: textOf(events), events, request }
}

/** One call, then words. */
const calls = (call: (messages: WireMessage[]) => { name: string; args: unknown }) => {
  script = (messages) => {
    const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user'))
    return toolResults(since).length === 0 ? { calls: [call(messages)] } : { text: 'There it is.' }
  }
}

const cardTold = (messages: WireMessage[]) => /opl_\w+/.exec(situation(messages))?.[0] ?? 'none'

it('a model that corrects its card in the next turn supersedes it', async () => {
  const conversation = await begin()
  calls(() => todo('Buy 5 desks'))
  const first = await say(conversation, 'model: a to-do please')
  const [before] = first.cards as [OperationList]
  calls((messages) => todo('Buy 6 desks', cardTold(messages)))
  const second = await say(conversation, 'model: no, six desks')
  expect(situation(on.model.requests.at(-1)!.messages)).toContain('Buy 5 desks')
  expect(second.cards).toHaveLength(1)
  expect(second.cards[0]!.operations).toMatchObject([{ values: { description: 'Buy 6 desks' } }])
  expect((await first.request()).operation_lists[0]).toMatchObject({
    ...{ id: before.id, state: 'rejected', superseded_by: second.cards[0]!.id },
  })
  expect((await first.request()).state).toBe('completed')
})

it('within a turn the corrected operation takes its place on the card, its id kept', async () => {
  let operation = ''
  script = (messages) => {
    const results = toolResults(messages)
    if (results.length === 0) return { calls: [todo('Buy 5 desks')] }
    operation = /op_\w+/.exec(results[0]!)![0]
    return results.length === 1 ? { calls: [todo('Buy 7 desks', operation)] } : { text: 'Done.' }
  }
  const { cards } = await say(await begin(), 'model: five, no, seven desks')
  expect(cards).toHaveLength(1)
  expect(cards[0]!.operations).toMatchObject([
    { operation_id: operation, values: { description: 'Buy 7 desks' } },
  ])
})

it('leaves a card that was approved meanwhile as it is, and tells the model', async () => {
  const conversation = await begin()
  calls(() => todo('Buy 8 desks'))
  const first = await say(conversation, 'model: a to-do please')
  const [card] = first.cards as [OperationList]
  calls(() => todo('Buy 9 desks', card.id))
  await caller().post(`/operations/${card.id}/approve`, { hash: card.hash })
  const second = await say(conversation, 'model: nine desks')
  expect(second.cards).toEqual([])
  expect(toolResults(on.model.requests.at(-1)!.messages).at(-1)).toContain('approved meanwhile')
  expect((await first.request()).operation_lists[0]).toMatchObject({ state: 'applied' })
})

it('proposes nothing in place of a card that does not exist', async () => {
  calls(() => todo('Buy 1 desk', 'opl_00000000000000000000000000000000'))
  const { cards } = await say(await begin(), 'model: a desk')
  expect(cards).toEqual([])
  expect(toolResults(on.model.requests.at(-1)!.messages).at(-1)).toContain('no such proposal')
})

it('a model may correct what the local planner proposed', async () => {
  const conversation = await begin()
  const first = await say(conversation, 'add a todo call the plumber')
  calls((messages) => todo('Call the painter', cardTold(messages)))
  const second = await say(conversation, 'model: the painter I mean')
  expect((await first.request()).operation_lists[0]).toMatchObject({
    ...{ state: 'rejected', superseded_by: second.cards[0]!.id },
  })
})

it('a chain of changes on one card is put differently whole, and can be approved', async () => {
  const conversation = await begin()
  const first = await say(
    conversation,
    'create and submit a quotation for 2 DESK-120 to Novak Engineering',
  )
  expect(first.cards[0]!.operations.map(({ action }) => action)).toEqual(['create', 'submit'])
  const second = await say(conversation, 'make it 6 instead')
  expect(second.text).toContain('takes the place of the card before')
  const [card] = second.cards as [OperationList]
  expect(card.operations).toMatchObject([
    { action: 'create', values: { items: [{ item_code: 'DESK-120', qty: 6 }] } },
    { action: 'submit', name: { $ref: card.operations[0]!.operation_id } },
  ])
  expect((await first.request()).operation_lists[0]).toMatchObject({
    ...{ state: 'rejected', superseded_by: card.id },
  })
  const applied = await caller().post<OperationList>(`/operations/${card.id}/approve`, {
    hash: card.hash,
  })
  expect(applied).toMatchObject({ state: 'applied' })
  const saved = await say(conversation, 'make it 7 instead')
  expect(saved.cards).toEqual([])
  expect(saved.text).toMatch(/was approved, so SAL-QTN-\S+ is saved/)
})
