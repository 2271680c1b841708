import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import { StewardError } from '../../src/shared/errors.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import { startBench, type Bench } from './support/assistant-bench.ts'
import { ask, requestIdOf } from './support/event-stream.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench({ brain })
})
afterAll(() => bench.stop())
beforeEach(() => {
  bench.paper.interfere = () => undefined
  bench.paper.applies = 0
})

async function* brain(turn: Turn): AsyncGenerator<BrainEvent> {
  const values = { description: turn.text }
  await turn.tools.call('propose_create', { doctype: 'ToDo', values })
  yield { type: 'text', text: 'There it is.' }
}

const ann = () => bench.as('ann@example.com')

async function propose(): Promise<{ list: OperationList; request: string }> {
  const conversation = await ann().post<Conversation>('/conversations')
  const events = await ask(ann(), conversation.id, 'note something')
  const found = events.find((event) => event.type === 'operation_list.proposed')
  if (found?.type !== 'operation_list.proposed') throw new Error('nothing proposed')
  return { list: found.operation_list, request: requestIdOf(events) }
}

const approve = (list: OperationList, hash = list.hash) =>
  ann().fetch(`/operations/${list.id}/approve`, {
    method: 'POST',
    body: JSON.stringify({ hash }),
  })

const stateOf = async (request: string) => {
  const read = await ann().json<AssistantRequest>(`/requests/${request}`)
  return { request: read.state, list: read.operation_lists[0] as OperationList }
}

/** Breaks the connection at this step of apply, `times` times. */
function breakApply(step: 'before' | 'after', times: number): void {
  let left = times
  bench.paper.interfere = (method, at) => {
    if (method !== STEWARD_METHODS.apply || at !== step || left === 0) return
    left -= 1
    throw new StewardError('outcome_unknown', 'The connection broke.')
  }
}

it('applies once when twenty approvals come at the same time', async () => {
  const { list } = await propose()
  const before = bench.paper.documents.length
  const answers = await Promise.all(Array.from({ length: 20 }, () => approve(list)))
  expect(answers.some((answer) => answer.status === 200)).toBe(true)
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
  expect(bench.paper.documents).toHaveLength(before + 1)
})

it.each(['before', 'after'] as const)(
  'sends the same id again when the connection breaks %s the site worked',
  async (step) => {
    const { list, request } = await propose()
    const before = bench.paper.documents.length
    breakApply(step, 1)
    expect((await approve(list)).status).toBe(200)
    expect(bench.paper.documents).toHaveLength(before + 1)
    expect((await stateOf(request)).list.state).toBe('applied')
  },
)

it.each(['before', 'after'] as const)(
  'stays open while the outcome is unknown (%s) and settles later by itself',
  async (step) => {
    const { list, request } = await propose()
    const before = bench.paper.documents.length
    breakApply(step, Infinity)
    await approve(list)
    expect((await stateOf(request)).list.state).toBe('approving')
    expect((await approve(list)).status).toBe(409)
    bench.paper.interfere = () => undefined
    await bench.database.withSystem('test', (tx) =>
      tx
        .updateTable('operation_list')
        .set({ settling_until: new Date(0) })
        .execute(),
    )
    await bench.feature.jobs.settle_approvals()
    expect(bench.paper.documents).toHaveLength(before + 1)
    const after = await stateOf(request)
    expect(after.list.state).toBe('applied')
    expect(after.request).toBe('completed')
  },
)

it('can be approved again when ERPNext could certainly not be reached', async () => {
  const { list, request } = await propose()
  bench.paper.interfere = (method) => {
    if (method === STEWARD_METHODS.apply) throw new StewardError('site_unreachable', 'Away.')
  }
  expect((await approve(list)).status).toBe(502)
  expect((await stateOf(request)).list.state).toBe('proposed')
  bench.paper.interfere = () => undefined
  expect((await approve(list)).status).toBe(200)
})

it('asks again with the new preview when ERPNext would save something else', async () => {
  const { list, request } = await propose()
  const before = bench.paper.documents.length
  bench.paper.price += 1
  const answer = (await (await approve(list)).json()) as OperationList
  expect(answer).toMatchObject({ state: 'proposed', changed_since_approval: true })
  expect(answer.hash).not.toBe(list.hash)
  expect(bench.paper.documents).toHaveLength(before)
  // What differs can still be told after a reload: the list keeps what was seen.
  expect(answer.seen_previews).toEqual(list.previews)
  expect((await stateOf(request)).list.seen_previews).toEqual(list.previews)
  expect((await approve(list)).status).toBe(409)
  expect((await stateOf(request)).request).toBe('waiting_for_approval')
  expect((await approve(answer)).status).toBe(200)
  expect(bench.paper.documents).toHaveLength(before + 1)
  expect((await stateOf(request)).list.seen_previews).toBeNull()
})

it('does not apply a hash that no card showed', async () => {
  const { list } = await propose()
  const answer = await approve(list, 'f'.repeat(64))
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({ code: 'hash_mismatch' })
  expect(bench.paper.applies).toBe(0)
})

it('lets no viewer and no other person approve', async () => {
  const { list } = await propose()
  const body = { method: 'POST', body: JSON.stringify({ hash: list.hash }) }
  const viewer = bench.as('ann@example.com', 'viewer')
  expect((await viewer.fetch(`/operations/${list.id}/approve`, body)).status).toBe(403)
  const bob = bench.as('bob@example.com', 'owner')
  expect((await bob.fetch(`/operations/${list.id}/approve`, body)).status).toBe(404)
  expect(bench.paper.applies).toBe(0)
})

it('rejects without asking ERPNext as long as nothing was sent', async () => {
  const { list, request } = await propose()
  const rejected = await ann().post<OperationList>(`/operations/${list.id}/reject`)
  expect(rejected.state).toBe('rejected')
  expect((await stateOf(request)).request).toBe('completed')
  expect(bench.paper.rows.has(list.operations[0]?.operation_id ?? '')).toBe(false)
  expect((await approve(list)).status).toBe(409)
})

it.each([
  ['before', 'rejected'],
  ['after', 'applied'],
] as const)(
  'lets ERPNext decide a reject after an apply that broke %s it worked',
  async (step, outcome) => {
    const { list, request } = await propose()
    const documents = bench.paper.documents.length
    breakApply(step, Infinity)
    await approve(list)
    bench.paper.interfere = () => undefined
    const answer = await ann().post<OperationList>(`/operations/${list.id}/reject`)
    expect(answer.state).toBe(outcome)
    expect(bench.paper.documents).toHaveLength(documents + (outcome === 'applied' ? 1 : 0))
    await bench.database.withSystem('test', (tx) =>
      tx
        .updateTable('operation_list')
        .set({ settling_until: new Date(0) })
        .execute(),
    )
    await bench.feature.jobs.settle_approvals()
    expect((await stateOf(request)).list.state).toBe(outcome)
  },
)

it('finds a list also by the id of an operation in it', async () => {
  const { list } = await propose()
  const answer = await ann().fetch(`/operations/${list.operations[0]?.operation_id}/approve`, {
    method: 'POST',
    body: JSON.stringify({ hash: list.hash }),
  })
  expect(answer.status).toBe(200)
})

it('rejects what a cancelled request proposed', async () => {
  const { list, request } = await propose()
  const cancelled = await ann().post<AssistantRequest>(`/requests/${request}/cancel`)
  expect(cancelled.state).toBe('completed')
  expect((await approve(list)).status).toBe(409)
})

it('closes a proposal nobody decided within a week', async () => {
  const { list, request } = await propose()
  await bench.database.withSystem('test', (tx) =>
    tx
      .updateTable('operation_list')
      .set({ proposed_at: new Date(Date.now() - 8 * 24 * 3_600_000) })
      .where('id', '=', list.id)
      .execute(),
  )
  expect((await approve(list)).status).toBe(409)
  await bench.feature.jobs.settle_approvals()
  const after = await stateOf(request)
  expect(after.list.state).toBe('expired')
  expect(after.request).toBe('completed')
})

it('publishes a finished request once, and again when it changes', async () => {
  await bench.feature.jobs.publish_requests()
  bench.published.length = 0
  const { list, request } = await propose()
  await bench.feature.jobs.publish_requests()
  await bench.feature.jobs.publish_requests()
  expect(bench.published).toHaveLength(1)
  expect(bench.published[0]).toMatchObject({
    external_id: request,
    values: { state: 'waiting_for_approval', operations: 1 },
  })
  await approve(list)
  await bench.feature.jobs.publish_requests()
  expect(bench.published.at(-1)).toMatchObject({ values: { state: 'completed' } })
})
