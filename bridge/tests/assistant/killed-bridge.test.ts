import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectBridge } from '../../sandbox/bridge-connection.ts'
import type { Fault } from '../../sandbox/http/faults.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import type {
  AssistantRequest,
  Conversation,
  Message,
  OperationList,
  RequestEvent,
} from '../../src/shared/assistant-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { startSlowModel, type SlowModel } from '../browser/support/slow-model.ts'
import { BridgeCaller } from '../support/bridge-caller.ts'
import { startBridgeProcess, type BridgeProcess } from '../support/bridge-process.ts'
import { signIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { siteEnvironment, startTestSandbox } from '../support/start-test-bridge.ts'
import { eventsOf, textOf } from './support/event-stream.ts'

let folder: string
let sandbox: Sandbox
let model: SlowModel
let bridge: BridgeProcess
let token: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-killed-'))
  model = await startSlowModel()
  sandbox = await startTestSandbox()
  await startBridge()
  connectBridge(sandbox, bridge.url)
  const { user, password } = PEOPLE.user
  token = (await signIn({ url: bridge.url, sandbox }, user, password)).access_token
})
afterAll(async () => {
  await bridge.kill()
  await sandbox.stop()
  await model.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => sandbox.faults.clear())

/** The bridge's own entry on the embedded database of `folder`, as `npm start` runs it. */
async function startBridge(): Promise<void> {
  bridge = await startBridgeProcess({
    ...siteEnvironment(sandbox),
    STEWARD_DATA_DIR: folder,
    STEWARD_RATE_LIMIT_PER_MINUTE: '100000',
    STEWARD_OPENAI_COMPATIBLE_URL: model.url,
    STEWARD_SMALL_MODELS: 'openai_compatible/slow',
    STEWARD_FREE_MODELS: 'openai_compatible/slow',
  })
}

const ivy = () => new BridgeCaller(bridge.url, token)

async function begin(text: string): Promise<{ conversation: string; request: string }> {
  const { id: conversation } = await ivy().post<Conversation>('/conversations')
  const asked = await ivy().post<{ request_id: string }>(
    `/conversations/${conversation}/messages`,
    { text },
  )
  return { conversation, request: asked.request_id }
}

const read = (request: string) => ivy().get<AssistantRequest>(`/requests/${request}`)

const ORDER = 'quotation for 2 CHAIR-TASK to Thornbury Hotel'

/** A quotation that waits for approval. */
async function propose(): Promise<{ request: string; list: OperationList }> {
  const { request } = await begin(ORDER)
  return { request, list: await listIn(request, 'proposed') }
}

function listIn(request: string, state: OperationList['state']): Promise<OperationList> {
  return vi.waitFor(
    async () => {
      const list = (await read(request)).operation_lists[0]
      expect(list?.state).toBe(state)
      return list as OperationList
    },
    { timeout: 20_000, interval: 50 },
  )
}

/** Sends approvals and does not hear of them: the bridge is killed when `when` comes true. */
async function approveAndDie(lists: OperationList[], when: () => boolean): Promise<void> {
  const sent = lists.map((list) =>
    ivy()
      .post(`/operations/${list.id}/approve`, { hash: list.hash })
      .catch(() => undefined),
  )
  while (!when()) await setImmediate()
  await bridge.kill()
  await Promise.all(sent)
}

/** The list once its approval is settled; an approval that was not taken in is given again. */
async function settled(request: string): Promise<OperationList> {
  const list = await vi.waitFor(
    async () => {
      const found = (await read(request)).operation_lists[0]
      expect(found?.state).not.toBe('approving')
      return found as OperationList
    },
    { timeout: 20_000, interval: 50 },
  )
  if (list.state === 'proposed')
    await ivy().post(`/operations/${list.id}/approve`, { hash: list.hash })
  return listIn(request, 'applied')
}

const count = (doctype: string, filters: Record<string, unknown> = {}) =>
  sandbox.site.read('Administrator', (site) => site.getAll(doctype, { filters }).length)
const quotations = () => count('Quotation')
const records = (list: OperationList) =>
  count('Steward Operation', {
    name: ['in', list.operations.map((operation) => operation.operation_id)],
  })

describe('approvals under way when the bridge is killed, then started again', () => {
  it('are each applied once, at whichever step of ERPNext it was', async () => {
    const onApply = { path: STEWARD_METHODS.apply, count: 1 }
    const never = 600_000
    const steps: Fault[] = [
      // Not begun yet; never heard of it; failed; done and about to answer; done, the answer lost.
      { kind: 'latency', milliseconds: 300, ...onApply },
      { kind: 'dropped', ...onApply },
      { kind: 'error_500', ...onApply },
      { kind: 'timeout_after_commit', closeAfterMilliseconds: never, ...onApply },
      { kind: 'timeout_after_commit', ...onApply },
    ]
    const undone = await propose()
    await ivy().post(`/operations/${undone.list.id}/approve`, { hash: undone.list.hash })
    const undo = await ivy().post<AssistantRequest>(`/requests/${undone.request}/undo`)
    const before = quotations()
    const open = [await propose()]
    for (const step of steps) {
      open.push(await propose())
      sandbox.faults.add(step)
    }
    sandbox.faults.add({
      kind: 'timeout_after_commit',
      closeAfterMilliseconds: never,
      path: STEWARD_METHODS.undo,
      count: 1,
    })
    const lists = [...open.map(({ list }) => list), undo.operation_lists[0] as OperationList]
    await approveAndDie(lists, () => !sandbox.faults.isPending)
    await startBridge()
    for (const { request } of open) expect((await settled(request)).outcomes).toHaveLength(1)
    await settled(undo.id)
    expect(quotations()).toBe(before + open.length - 1)
    for (const list of lists) expect(records(list)).toBe(1)
  }, 120_000)

  it('are applied once or still open, at whichever step of the bridge it was', async () => {
    const before = quotations()
    const open = [await propose(), await propose(), await propose(), await propose()]
    // The first is done; the others are anywhere between the click and the outcome.
    await approveAndDie(
      open.map(({ list }) => list),
      () => quotations() > before,
    )
    await startBridge()
    for (const { request } of open) await settled(request)
    expect(quotations()).toBe(before + open.length)
    for (const { list } of open) expect(records(list)).toBe(1)
  }, 120_000)
})

async function messages(conversation: string): Promise<Message[]> {
  return (await ivy().get<{ data: Message[] }>(`/conversations/${conversation}/messages`)).data
}

async function stored(request: string): Promise<RequestEvent[]> {
  return (await ivy().get<{ data: RequestEvent[] }>(`/requests/${request}/events`)).data
}

/** Not a thing for the local planner: a model is asked. */
const QUESTION = 'Bitte erkläre mir, warum die Angebote in diesem Jahr so oft verloren gehen'

it('says what was interrupted, keeps what it had shown, and proposes nothing half done', async () => {
  const operations = count('Steward Operation')
  const before = quotations()
  const talk = await begin(QUESTION)
  await model.called()
  model.say('What was shown ')
  await vi.waitFor(async () => expect(textOf(await stored(talk.request))).toContain('was shown'))
  sandbox.faults.add({
    kind: 'latency',
    milliseconds: 300,
    path: STEWARD_METHODS.preview,
    count: 1,
  })
  const work = await begin(ORDER)
  while (sandbox.faults.isPending) await setImmediate()
  const last = (await stored(talk.request)).at(-1)?.seq ?? 0
  model.say('and its tail')
  await bridge.kill()
  await startBridge()

  for (const { request } of [talk, work])
    expect(await read(request)).toMatchObject({ state: 'failed', error: { code: 'interrupted' } })
  expect((await messages(work.conversation))[0]).toMatchObject({ role: 'person', text: ORDER })
  expect([count('Steward Operation'), quotations()]).toEqual([operations, before])
  const [asked, answer] = await messages(talk.conversation)
  expect(asked).toMatchObject({ role: 'person', text: QUESTION })
  expect(answer?.text).toMatch(/^What was shown (and its tail)?$/)
  expect(answer?.parts).toMatchObject([{ type: 'notice', level: 'error' }])
  // A reader may have seen more than was stored, or less.
  for (const seen of [last - 1, last, last + 1, 999]) {
    const headers = { accept: 'text/event-stream', 'last-event-id': String(seen) }
    const stream = await ivy().fetch(`/requests/${talk.request}/events`, { headers })
    const got: RequestEvent[] = []
    for await (const event of eventsOf(stream)) got.push(event)
    expect(got.at(-1)?.type).toBe('request.failed')
    expect(new Set(got.map((event) => event.seq)).size).toBe(got.length)
  }
}, 120_000)
