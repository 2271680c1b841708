import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { Caller } from './support/assistant-bench.ts'
import { ask, eventsOf, requestIdOf } from './support/event-stream.ts'
import { PaperSite } from './support/paper-site.ts'
import { servePaperSite } from './support/remote-paper-site.ts'

const PROGRAM = join(import.meta.dirname, 'support/bench-process.ts')

let folder: string
let site: PaperSite
let siteServer: { url: string; stop(): Promise<void> }
let child: ChildProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-killed-'))
  site = new PaperSite()
  siteServer = await servePaperSite(site)
})
afterEach(async () => {
  await kill()
  await siteServer.stop()
  await rm(folder, { recursive: true, force: true })
})

async function startBridge(): Promise<Caller> {
  const started = spawn(process.execPath, [PROGRAM, folder, siteServer.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  const lines = createInterface({ input: started.stdout })
  const died = once(started, 'exit').then(() => {
    throw new Error('The bridge ended before it listened.')
  })
  const [url] = (await Promise.race([once(lines, 'line'), died])) as [string]
  died.catch(() => undefined)
  return new Caller(url, 'ann@example.com', 'user')
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function propose(ann: Caller): Promise<{ list: OperationList; request: string }> {
  const conversation = await ann.post<Conversation>('/conversations')
  const events = await ask(ann, conversation.id, 'note')
  const found = events.find((event) => event.type === 'operation_list.proposed')
  if (found?.type !== 'operation_list.proposed') throw new Error('nothing proposed')
  return { list: found.operation_list, request: requestIdOf(events) }
}

/** Kills the bridge at this step of apply. */
function killAt(step: 'before' | 'after'): void {
  site.interfere = async (method, at) => {
    if (method !== STEWARD_METHODS.apply || at !== step) return
    site.interfere = () => undefined
    await kill()
  }
}

async function approveAndDie(ann: Caller, list: OperationList): Promise<void> {
  await ann.post(`/operations/${list.id}/approve`, { hash: list.hash }).catch(() => undefined)
}

/** The list once its approval is settled. */
function listOf(ann: Caller, request: string): Promise<OperationList> {
  return vi.waitFor(
    async () => {
      const read = await ann.json<AssistantRequest>(`/requests/${request}`)
      const list = read.operation_lists[0] as OperationList
      expect(list.state).not.toBe('approving')
      return list
    },
    { timeout: 20_000, interval: 100 },
  )
}

it('applies once when it is killed while ERPNext is at the work', async () => {
  let ann = await startBridge()
  for (const step of ['before', 'after'] as const) {
    const documents = site.documents.length
    const { list, request } = await propose(ann)
    killAt(step)
    await approveAndDie(ann, list)
    ann = await startBridge()
    expect((await listOf(ann, request)).state).toBe('applied')
    expect(site.documents).toHaveLength(documents + 1)
  }
}, 120_000)

it('is applied once or still approvable when it is killed at any moment of an approval', async () => {
  let ann = await startBridge()
  for (const milliseconds of [0, 4, 15]) {
    const documents = site.documents.length
    const { list, request } = await propose(ann)
    const approving = approveAndDie(ann, list)
    const died = new Promise((resolve) => setTimeout(resolve, milliseconds)).then(kill)
    await Promise.all([approving, died])
    ann = await startBridge()
    const after = await listOf(ann, request)
    if (after.state === 'proposed') {
      await ann.post(`/operations/${list.id}/approve`, { hash: after.hash })
    } else {
      expect(after.state).toBe('applied')
    }
    expect(site.documents).toHaveLength(documents + 1)
  }
}, 120_000)

it('says that a request was interrupted, and keeps the message', async () => {
  const ann = await startBridge()
  const conversation = await ann.post<Conversation>('/conversations')
  const answer = await ann.fetch(`/conversations/${conversation.id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'slow' }),
    headers: { accept: 'text/event-stream' },
  })
  const id = answer.headers.get('x-steward-request-id') ?? ''
  for await (const event of eventsOf(answer)) if (event.type === 'text.delta') break
  await kill()

  const again = await startBridge()
  const request = await again.json<AssistantRequest>(`/requests/${id}`)
  expect(request).toMatchObject({ state: 'failed', error: { code: 'interrupted' } })
  const { data } = await again.json<{ data: Message[] }>(
    `/conversations/${conversation.id}/messages`,
  )
  expect(data[0]).toMatchObject({ role: 'person', text: 'slow' })
  const events = await again.fetch(`/requests/${id}/events`, {
    headers: { accept: 'text/event-stream', 'last-event-id': '999' },
  })
  const last = []
  for await (const event of eventsOf(events)) last.push(event.type)
  expect(last).toEqual(['request.failed'])
}, 60_000)
