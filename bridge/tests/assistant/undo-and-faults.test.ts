import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { SANDBOX_BRIDGE } from '../../sandbox/steward/index.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import type { ToolArguments, ToolName } from '../../src/features/assistant/tools/tool-contract.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startBench, type Bench } from './support/assistant-bench.ts'
import { ask, requestIdOf } from './support/event-stream.ts'
import { SitePeople, type SitePerson } from './support/site-people.ts'

let people: SitePeople
let bench: Bench
let ivy: SitePerson
let customer = ''
let item = ''

beforeAll(async () => {
  people = await SitePeople.start()
  ivy = await people.signIn(PEOPLE.user)
  customer = String((await ivy.session.list('Customer', { fields: ['name'], limit: 1 }))[0]?.name)
  const items = { fields: ['name'], filters: [['is_sales_item', '=', 1]], limit: 1 } as never
  item = String((await ivy.session.list('Item', items))[0]?.name)
  const service = people.client.as({
    kind: 'api_key',
    key: SANDBOX_BRIDGE.serviceKey,
    secret: SANDBOX_BRIDGE.serviceSecret,
  })
  bench = await startBench({
    brain: obey,
    session: () => ivy.session,
    ports: {
      people: { identity: async () => ivy.identity },
      publisher: {
        upsert: async (_site, doctype, records) => {
          await service.call(STEWARD_METHODS.publish, { doctype, records })
        },
      },
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await people.stop()
})
afterEach(() => people.sandbox.faults.clear())

type Steps = [ToolName, ToolArguments[ToolName]][]

/** The message is the list of tool calls; `$1` stands for the first proposal of the turn. */
async function* obey(turn: Turn): AsyncGenerator<BrainEvent> {
  const ids: string[] = []
  for (const [name, args] of JSON.parse(turn.text) as Steps) {
    const json = JSON.stringify(args).replaceAll(/\$(\d)/g, (_all, at) => ids[Number(at) - 1] ?? '')
    const answer = await turn.tools.callUnchecked(name, json)
    const result = answer.ok ? answer.result : null
    if (result && 'operation_id' in result) ids.push(result.operation_id)
    else throw new Error(JSON.stringify(answer))
  }
  yield { type: 'text', text: 'Here is the card.' }
}

const caller = () => bench.as(PEOPLE.user.user)

const quotation = (qty = 5): Steps[number] => [
  'propose_create',
  {
    doctype: 'Quotation',
    values: {
      quotation_to: 'Customer',
      party_name: customer,
      items: [{ item_code: item, qty }],
    },
  },
]

async function propose(...steps: Steps): Promise<{ list: OperationList; request: string }> {
  const conversation = await caller().post<Conversation>('/conversations')
  const events = await ask(caller(), conversation.id, JSON.stringify(steps))
  const found = events.find((event) => event.type === 'operation_list.proposed')
  if (found?.type !== 'operation_list.proposed') throw new Error(JSON.stringify(events.at(-1)))
  return { list: found.operation_list, request: requestIdOf(events) }
}

const approve = (list: OperationList) =>
  caller().post<OperationList>(`/operations/${list.id}/approve`, { hash: list.hash })

const read = (request: string) => caller().json<AssistantRequest>(`/requests/${request}`)

async function undo(request: string): Promise<{ id: string; list: OperationList }> {
  const made = await caller().post<AssistantRequest>(`/requests/${request}/undo`)
  return { id: made.id, list: made.operation_lists[0] as OperationList }
}

const count = (doctype: string): number =>
  people.sandbox.site.read('Administrator', (site) =>
    site.getAll(doctype, { limit_page_length: 0 }),
  ).length

const value = (doctype: string, name: string, field: string) =>
  people.sandbox.site.read('Administrator', (site) => site.getValue(doctype, name, field))

it('makes a quotation, says who set what, and takes it back', async () => {
  const before = count('Quotation')
  const { list, request } = await propose(quotation())
  expect(count('Quotation')).toBe(before)
  const applied = await approve(list)
  expect(applied.state).toBe('applied')
  expect(count('Quotation')).toBe(before + 1)

  const taken = await undo(request)
  expect(taken.list).toMatchObject({ kind: 'undo', state: 'proposed' })
  expect(count('Quotation')).toBe(before + 1)
  expect((await approve(taken.list)).state).toBe('applied')
  expect(count('Quotation')).toBe(before)
  const original = await read(request)
  expect(original.undone_by).toBe(taken.id)
  const again = await caller().fetch(`/requests/${request}/undo`, { method: 'POST' })
  expect(again.status).toBe(409)
})

it('answers a second undo with the one that still waits', async () => {
  const { list, request } = await propose(quotation())
  await approve(list)
  const first = await undo(request)
  expect((await undo(request)).id).toBe(first.id)
  await approve(first.list)
})

it('restores a changed field only where it still holds what was written', async () => {
  const details = { customer_details: 'By Steward', website: 'steward.example' }
  const { list, request } = await propose(
    quotation(),
    ['propose_submit', { doctype: 'Quotation', name: '$1' }],
    ['propose_update', { doctype: 'Customer', name: customer, values: details }],
  )
  const applied = await approve(list)
  expect(applied.outcomes.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
  const name = String(applied.outcomes[0]?.name)
  people.sandbox.site.run('nadia@example.com', (site) => {
    site.save({ ...site.getDoc('Customer', customer), website: 'nadia.example' })
  })
  const taken = await undo(request)
  const fields = taken.list.conflicts.filter(({ fieldname }) => fieldname !== null)
  expect(fields).toMatchObject([{ fieldname: 'website', current: 'nadia.example' }])
  for (const { reason } of taken.list.conflicts) expect(reason).not.toBe('')
  expect((await approve(taken.list)).state).toBe('applied')
  expect(value('Customer', customer, 'website')).toBe('nadia.example')
  expect(value('Customer', customer, 'customer_details')).not.toBe('By Steward')
  expect(value('Quotation', name, 'docstatus')).toBe(2)
})

it.each([
  ['time-out after commit', { kind: 'timeout_after_commit', closeAfterMilliseconds: 50 }],
  ['dropped connection', { kind: 'dropped' }],
  ['error 500', { kind: 'error_500' }],
  ['too many requests', { kind: 'rate_limited', retryAfterSeconds: 0 }],
] as const)('applies exactly once through a %s', async (_name, fault) => {
  const before = count('Quotation')
  const { list, request } = await propose(quotation())
  people.sandbox.faults.add({ ...fault, path: STEWARD_METHODS.apply, count: 1 })
  await approve(list)
  await bench.database.withSystem('test', (tx) =>
    tx
      .updateTable('operation_list')
      .set({ settling_until: new Date(0) })
      .execute(),
  )
  await bench.feature.jobs.settle_approvals()
  expect((await read(request)).operation_lists[0]?.state).toBe('applied')
  expect(count('Quotation')).toBe(before + 1)
})

it('shows the new card when the price changed after the old one', async () => {
  const before = count('Quotation')
  const { list } = await propose(quotation(7))
  const prices = people.sandbox.site.read('Administrator', (site) =>
    site.getAll('Item Price', {
      filters: { item_code: item, selling: 1 },
      fields: ['name', 'price_list_rate'],
    }),
  )
  people.sandbox.site.run('Administrator', (site) => {
    for (const { name, price_list_rate } of prices) {
      site.dbSet('Item Price', String(name), { price_list_rate: Number(price_list_rate) + 3 })
    }
  })
  const answer = await approve(list)
  expect(answer).toMatchObject({ state: 'proposed', changed_since_approval: true })
  expect(count('Quotation')).toBe(before)
  expect((await approve(answer)).state).toBe('applied')
  expect(count('Quotation')).toBe(before + 1)
})

it("ends refused with ERPNext's own reason when it no longer may be done", async () => {
  const { list, request } = await propose([
    'propose_update',
    { doctype: 'Customer', name: customer, values: { customer_details: 'late' } },
  ])
  people.sandbox.site.run('nadia@example.com', (site) => {
    site.save({ ...site.getDoc('Customer', customer), customer_details: 'nadia was first' })
  })
  const answer = await approve(list)
  expect(answer.state).not.toBe('applied')
  expect(value('Customer', customer, 'customer_details')).toBe('nadia was first')
  expect((await read(request)).state).not.toBe('running')
})

it('publishes finished requests to ERPNext, whatever happened in between', async () => {
  const { list, request } = await propose(quotation())
  people.sandbox.faults.add({ kind: 'error_500', path: STEWARD_METHODS.publish, count: 4 })
  await bench.feature.jobs.publish_requests()
  people.sandbox.faults.clear()
  await approve(list)
  await bench.feature.jobs.publish_requests()
  expect(value('Steward Request', request, 'state')).toBe('completed')
  expect(value('Steward Request', request, 'operations')).toBe(1)
})
