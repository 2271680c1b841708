import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
  RequestEvent,
} from '../../src/shared/assistant-protocol.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import { StewardError } from '../../src/shared/errors.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { startBench, type Bench } from './support/assistant-bench.ts'
import { ask, requestIdOf } from './support/event-stream.ts'

let bench: Bench
/** Whether the card before could be withdrawn. */
let replaced: boolean | null = null

beforeAll(async () => {
  bench = await startBench({ brain })
})
afterAll(() => bench.stop())
beforeEach(() => {
  bench.paper.interfere = () => undefined
  replaced = null
})

/** `note a | b` makes a card of each; `instead <list id> …` takes the place of that card. */
async function* brain(turn: Turn): AsyncGenerator<BrainEvent> {
  const [verb, listId = ''] = turn.text.split(' ')
  for (const text of turn.text.split(' | ')) {
    turn.tools.openCard(null)
    await turn.tools.call('propose_create', { doctype: 'ToDo', values: { description: text } })
  }
  if (verb === 'instead') replaced = await turn.tools.replaceCard(listId)
  yield { type: 'text', text: 'There it is.' }
}

const ann = () => bench.as('ann@example.com')

function cardsIn(events: RequestEvent[]): OperationList[] {
  return events.flatMap((event) =>
    event.type === 'operation_list.proposed' ? [event.operation_list] : [],
  )
}

async function say(conversation: string, text: string) {
  const events = await ask(ann(), conversation, text)
  return { events, cards: cardsIn(events), request: requestIdOf(events) }
}

const begin = async () => (await ann().post<Conversation>('/conversations')).id

const approve = (list: OperationList) =>
  ann().fetch(`/operations/${list.id}/approve`, {
    method: 'POST',
    body: JSON.stringify({ hash: list.hash }),
  })

const readRequest = (id: string) => ann().json<AssistantRequest>(`/requests/${id}`)

it('withdraws the earlier card: it says what took its place and can never be approved', async () => {
  const conversation = await begin()
  const first = await say(conversation, 'note buy 5')
  const [before] = first.cards as [OperationList]
  const second = await say(conversation, `instead ${before.id} buy 6`)
  const [after] = second.cards as [OperationList]

  const told = second.events.find((event) => event.type === 'operation_list.changed')
  expect(told).toMatchObject({
    operation_list: { id: before.id, state: 'rejected', superseded_by: after.id },
  })
  expect((await readRequest(first.request)).state).toBe('completed')
  const refused = await approve(before)
  expect(refused.status).toBe(409)
  expect(((await refused.json()) as { code: string }).code).toBe('already_decided')

  const count = bench.paper.documents.length
  expect((await approve(after)).status).toBe(200)
  expect(bench.paper.documents).toHaveLength(count + 1)
})

it('drops the new card when the earlier one was approved first', async () => {
  const conversation = await begin()
  const first = await say(conversation, 'note buy 7')
  const [before] = first.cards as [OperationList]
  expect((await approve(before)).status).toBe(200)
  const second = await say(conversation, `instead ${before.id} buy 8`)
  expect(replaced).toBe(false)
  expect(second.cards).toEqual([])
  expect(await readRequest(second.request)).toMatchObject({
    state: 'completed',
    operation_lists: [],
  })
  const kept = (await readRequest(first.request)).operation_lists[0]!
  expect(kept).toMatchObject({ state: 'applied', superseded_by: null })
})

it('lets ERPNext decide the race against an approval whose outcome is unknown', async () => {
  const conversation = await begin()
  const first = await say(conversation, 'note buy 9')
  const [before] = first.cards as [OperationList]
  bench.paper.interfere = (method, at) => {
    if (method !== STEWARD_METHODS.apply || at !== 'after') return
    throw new StewardError('outcome_unknown', 'The connection broke.')
  }
  await approve(before)
  bench.paper.interfere = () => undefined
  const second = await say(conversation, `instead ${before.id} buy 10`)
  expect(replaced).toBe(false)
  expect(second.cards).toEqual([])
  const kept = (await readRequest(first.request)).operation_lists[0]!
  expect(kept).toMatchObject({ state: 'applied', superseded_by: null })
})

it('shows a card for each part, and waits until each is decided', async () => {
  const conversation = await begin()
  const { cards, request } = await say(conversation, 'note call Ann | note call Ben')
  expect(cards.map(({ operations }) => operations[0]!.values!.description)).toEqual([
    'note call Ann',
    'note call Ben',
  ])
  expect((await approve(cards[1]!)).status).toBe(200)
  expect(await readRequest(request)).toMatchObject({ state: 'waiting_for_approval' })
  await ann().post(`/operations/${cards[0]!.id}/reject`)
  const read = await readRequest(request)
  expect(read.state).toBe('completed')
  expect(read.operation_lists.map(({ state }) => state)).toEqual(['rejected', 'applied'])
})
