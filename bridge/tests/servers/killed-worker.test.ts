import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest'
import { openJobQueue, type JobQueue } from '../../src/platform/jobs/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'

const LOCK_MS = 1_500
const PATIENT = { timeout: 20_000, interval: 20 }

let url: string
let queue: JobQueue
let ran: { n: number; attempt: number }[]
let children: ChildProcess[]

beforeEach(async () => {
  url = inject('redisUrl')
  const client = new Redis(url)
  await client.flushall()
  client.disconnect()
  ran = []
  children = []
  queue = openJobQueue({
    backend: { kind: 'redis', url },
    logger: createLogger('silent'),
    concurrency: 4,
    lockMs: LOCK_MS,
  })
  queue.define<{ n: number }>({
    name: 'long',
    run: async ({ n }, { attempt }) => void ran.push({ n, attempt }),
  })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await queue.stop(5_000)
})

/** A worker in a process of its own; answers what it has said so far. */
async function startWorker(): Promise<{ said: () => string; kill: () => Promise<void> }> {
  const script = join(import.meta.dirname, 'job-worker-process.ts')
  const child = spawn(process.execPath, [script, url, `${LOCK_MS}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await vi.waitFor(() => expect(text).toContain('ready'), PATIENT)
  return {
    said: () => text,
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

it('takes over the job of a worker that was killed while it ran it, and does it once', async () => {
  const worker = await startWorker()
  for (const n of [1, 2]) await queue.add('long', { n }, { id: `long-${n}` })
  await vi.waitFor(() => expect(worker.said()).toMatch(/took 1[^]*took 2/), PATIENT)
  await queue.start()
  await queue.add('long', { n: 3 })
  await vi.waitFor(() => expect(ran).toContainEqual({ n: 3, attempt: 0 }), PATIENT)
  // As long as the other one lives, its jobs are its own.
  expect(ran.map(({ n }) => n)).not.toContain(1)
  await worker.kill()
  await vi.waitFor(() => expect(ran.map(({ n }) => n).sort()).toEqual([1, 2, 3]), PATIENT)
})

it('does not blame a job for the processes that died over it', async () => {
  await queue.add('long', { n: 1 })
  for (let death = 0; death < 3; death += 1) {
    const worker = await startWorker()
    await vi.waitFor(() => expect(worker.said()).toContain('took 1'), PATIENT)
    await worker.kill()
  }
  await queue.start()
  await vi.waitFor(() => expect(ran.map(({ n }) => n)).toEqual([1]), PATIENT)
})
