import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { BridgeProcess } from '../support/bridge-process.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { prepareReplicas, signInAt, type Replicas, type ReplicaSession } from './replicas.ts'

let replicas: Replicas
let a: BridgeProcess
let b: BridgeProcess
let ivy: ReplicaSession

beforeAll(async () => {
  replicas = await prepareReplicas()
  a = await replicas.start()
  b = await replicas.start()
  ivy = await signInAt(a, replicas.sandbox, PEOPLE.user)
})
afterAll(() => replicas.stop())

const count = (doctype: string) =>
  replicas.sandbox.site.read('Administrator', (site) => site.getAll(doctype).length)

async function propose(at: BridgeProcess): Promise<{ request: string; list: OperationList }> {
  const caller = ivy.on(at)
  const { id } = await caller.post<Conversation>('/conversations')
  const text = 'quotation for 2 CHAIR-TASK to Thornbury Hotel'
  const { request_id: request } = await caller.post<{ request_id: string }>(
    `/conversations/${id}/messages`,
    { text },
  )
  return { request, list: await listIn(at, request, 'proposed') }
}

function listIn(
  at: BridgeProcess,
  request: string,
  state: OperationList['state'],
): Promise<OperationList> {
  return vi.waitFor(
    async () => {
      const [list] = (await ivy.on(at).get<AssistantRequest>(`/requests/${request}`))
        .operation_lists
      expect(list?.state).toBe(state)
      return list as OperationList
    },
    { timeout: 20_000, interval: 50 },
  )
}

function approve(at: BridgeProcess, list: OperationList): Promise<Response> {
  const body = JSON.stringify({ hash: list.hash })
  return ivy.on(at).fetch(`/operations/${list.id}/approve`, { method: 'POST', body })
}

describe('an approval over two replicas', () => {
  it('sent to both at once, ten times each, is applied once', async () => {
    const { request, list } = await propose(a)
    const before = count('Quotation')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => approve(n % 2 ? a : b, list)),
    )
    const served = answers.filter((answer) => answer.ok)
    for (const answer of served) expect(await answer.json()).toMatchObject({ state: 'applied' })
    const others = await Promise.all(
      answers.filter((answer) => !answer.ok).map((one) => one.json()),
    )
    for (const other of others)
      expect(other).toMatchObject({ status: 409, code: 'already_decided' })
    expect(served.length).toBeGreaterThan(0)
    await listIn(b, request, 'applied')
    expect(count('Quotation')).toBe(before + 1)
  })

  it('and a rejection at the same time end in one of the two, the same on both', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { request, list } = await propose(b)
      const before = count('Quotation')
      const reject = ivy
        .on(b)
        .fetch(`/operations/${list.id}/reject`, { method: 'POST', body: '{}' })
      await Promise.all([approve(a, list), reject])
      const { state } = await vi.waitFor(async () => {
        const read = await ivy.on(a).get<AssistantRequest>(`/requests/${request}`)
        expect(read.operation_lists[0]?.state).toMatch(/^(applied|rejected)$/)
        return read.operation_lists[0] as OperationList
      })
      expect((await listIn(b, request, state)).state).toBe(state)
      expect(count('Quotation')).toBe(before + (state === 'applied' ? 1 : 0))
    }
  })

  it('is finished once by those that are left when its replica is killed', async () => {
    const { request, list } = await propose(a)
    const before = count('Quotation')
    replicas.sandbox.faults.add({
      kind: 'timeout_after_commit',
      closeAfterMilliseconds: 600_000,
      path: STEWARD_METHODS.apply,
      count: 1,
    })
    const lost = approve(a, list).catch(() => undefined)
    await vi.waitFor(() => expect(count('Quotation')).toBe(before + 1))
    await a.kill()
    await lost
    await replicas.sql(`update operation_list set settling_until = now() where state = 'approving'`)
    // A replica that starts takes open approvals over at once, the others within fifteen seconds.
    a = await replicas.start()
    await listIn(b, request, 'applied')
    expect(count('Quotation')).toBe(before + 1)
  })
})

describe('jobs of two replicas on one Redis', () => {
  it('are each run once, and scheduled once however many replicas schedule them', async () => {
    const queue = new Queue('steward', { connection: { url: inject('redisUrl') } })
    try {
      const names = (await queue.getJobSchedulers()).map((scheduler) => scheduler.key)
      expect(names).toContain('settle_approvals')
      expect(new Set(names).size).toBe(names.length)
      const added = await queue.addBulk(
        Array.from({ length: 60 }, () => ({ name: 'settle_approvals', data: {} })),
      )
      const seen = () => Promise.all(added.map((job) => queue.getJob(job.id ?? '')))
      await vi.waitFor(
        async () => expect((await seen()).every((job) => job?.finishedOn)).toBe(true),
        { timeout: 40_000, interval: 100 },
      )
      const jobs = await seen()
      expect(jobs.map((job) => job?.attemptsStarted)).toEqual(added.map(() => 1))
      expect(jobs.filter((job) => job?.failedReason)).toEqual([])
    } finally {
      await queue.close()
    }
  })
})
