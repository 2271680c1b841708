import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../src/platform/database/index.ts'
import { openJobQueue, type JobQueue, type JobQueueOptions } from '../../src/platform/jobs/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'
import { allMigrations } from './all-migrations.ts'
import { freshDatabase } from './fresh-database.ts'

type Backend = JobQueueOptions['backend']

interface Place {
  backend: Backend
  close(): Promise<void>
}

const logger = createLogger('silent')

describe.each<[string, () => Promise<Place>]>([
  ['Redis', redisPlace],
  ['a PostgreSQL server', () => postgresPlace(true)],
  ['the embedded PostgreSQL', () => postgresPlace(false)],
])('jobs over %s', (_name, open) => {
  let place: Place
  let queues: JobQueue[]
  beforeAll(async () => {
    place = await open()
  })
  afterAll(() => place.close())
  beforeEach(() => {
    queues = []
    return async () => {
      await Promise.all(queues.map((queue) => queue.stop(5_000)))
    }
  })

  function replica(): JobQueue {
    const queue = openJobQueue({ backend: place.backend, logger, concurrency: 4 })
    queues.push(queue)
    return queue
  }

  it('runs what was added before any worker was there, with its data', async () => {
    const earlier = replica()
    await earlier.add('greet', { to: 'Ada' }, { id: 'greet-ada' })
    await earlier.stop(1_000)
    const greeted: unknown[] = []
    const later = replica()
    later.define({ name: 'greet', run: async (data) => void greeted.push(data) })
    await later.start()
    await vi.waitFor(() => expect(greeted).toEqual([{ to: 'Ada' }]), { timeout: 20_000 })
  })

  it('runs a job again after a failure, and says which attempt it is', async () => {
    const attempts: number[] = []
    const queue = replica()
    queue.define({
      name: 'flaky',
      run: async (_data, { attempt }) => {
        attempts.push(attempt)
        if (attempts.length < 2) throw new Error('not yet')
      },
    })
    await queue.start()
    await queue.add('flaky', {})
    await vi.waitFor(() => expect(attempts).toEqual([0, 1]), { timeout: 30_000 })
  })

  it('gives up after the attempts its definition allows', async () => {
    let runs = 0
    const done: string[] = []
    const queue = replica()
    queue.define({
      name: 'hopeless',
      attempts: 1,
      run: async () => {
        runs += 1
        throw new Error('never')
      },
    })
    queue.define({ name: 'after', run: async () => void done.push('after') })
    await queue.start()
    await queue.add('hopeless', {})
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 20_000 })
    await queue.add('after', {}, { delayMs: 2_500 })
    await vi.waitFor(() => expect(done).toEqual(['after']), { timeout: 20_000 })
    expect(runs).toBe(1)
  })

  it('takes the same id twice as once, from any replica', async () => {
    const [first, second] = [replica(), replica()]
    const seen: unknown[] = []
    for (const queue of [first, second])
      queue.define({ name: 'once', run: async (data) => void seen.push(data) })
    const adds = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? first : second).add('once', { same: true }, { id: 'the-one' }),
    )
    await Promise.all(adds)
    await first.add('once', { same: false }, { id: 'another' })
    await first.start()
    await vi.waitFor(() => expect(seen).toContainEqual({ same: false }), { timeout: 20_000 })
    await first.add('once', { same: true }, { id: 'the-one' })
    await first.add('once', { last: true }, { id: 'last' })
    await vi.waitFor(() => expect(seen).toContainEqual({ last: true }), { timeout: 20_000 })
    expect(seen).toHaveLength(3)
  })

  it('shares the work of two replicas without doing any of it twice', async () => {
    const ran = new Map<number, number>()
    const queue = [replica(), replica()]
    for (const each of queue)
      each.define<{ n: number }>({
        name: 'count',
        run: async ({ n }) => void ran.set(n, (ran.get(n) ?? 0) + 1),
      })
    await Promise.all(queue.map((each) => each.start()))
    await Promise.all(Array.from({ length: 60 }, (_, n) => queue[n % 2]!.add('count', { n })))
    await vi.waitFor(() => expect(ran.size).toBe(60), { timeout: 40_000 })
    expect([...ran.values()].every((times) => times === 1)).toBe(true)
  })

  it('lets a running job finish when it stops, and tells it to hurry', async () => {
    const queue = replica()
    const log: string[] = []
    queue.define({
      name: 'long',
      run: (_data, { signal }) =>
        new Promise((resolve) => {
          log.push('started')
          signal.addEventListener('abort', () => {
            log.push('told to stop')
            resolve()
          })
        }),
    })
    await queue.start()
    await queue.add('long', {})
    await vi.waitFor(() => expect(log).toEqual(['started']), { timeout: 20_000 })
    await queue.stop(10_000)
    expect(log).toEqual(['started', 'told to stop'])
  })

  it('answers a ping', async () => {
    expect(await replica().ping()).toBe(true)
  })
})

async function redisPlace(): Promise<Place> {
  const url = inject('redisUrl')
  const client = new Redis(url)
  await client.flushall()
  client.disconnect()
  return { backend: { kind: 'redis', url }, close: async () => undefined }
}

async function postgresPlace(server: boolean): Promise<Place> {
  const settings = server
    ? await freshDatabase(inject('postgresAdminUrl'))
    : { url: null, migrationUrl: null }
  const database: OpenDatabase = await openDatabase({
    ...settings,
    dataFolder: null,
    migrations: await allMigrations(),
  })
  return {
    backend: { kind: 'postgres', connection: database.connection },
    close: () => database.close(),
  }
}
