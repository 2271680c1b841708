import {
  Queue,
  Worker,
  createPostgresBackend,
  type BackendFactory,
  type ConnectionOptions,
  type IQueueBackend,
  type JobProgress,
  type QueueOptions,
} from 'bullmq'
import type { Logger } from '../telemetry/index.ts'

export interface JobContext {
  /** Attempts before this one. */
  attempt: number
  signal: AbortSignal
  logger: Logger
}

export interface JobDefinition<T> {
  name: string
  /** At least once: a handler must bear being run again with the same data. */
  run(data: T, context: JobContext): Promise<void>
  /** Tries in all, with exponential waits from two seconds; default 5. */
  attempts?: number
  /** Run by itself, with empty data, each so many milliseconds. */
  everyMs?: number
}

export interface JobQueue {
  define<T>(definition: JobDefinition<T>): void
  /** Adding the same `id` twice is adding it once. */
  add<T>(name: string, data: T, options?: { id?: string; delayMs?: number }): Promise<void>
  /** Starts working; before it `add` only stores. */
  start(): Promise<void>
  /** Finishes what runs (or hands it back after `graceMs`) and closes. */
  stop(graceMs: number): Promise<void>
  ping(): Promise<boolean>
}

export interface JobQueueOptions {
  backend: { kind: 'redis'; url: string } | { kind: 'postgres'; connection: object }
  logger: Logger
  concurrency: number
  /** How long a worker that says nothing keeps a job before another takes it over; 30 s. */
  lockMs?: number
}

const QUEUE = 'steward'
const ATTEMPTS = 5
const FIRST_BACKOFF_MS = 2_000
/** The embedded database delivers no notifications between connections: look again this soon. */
const DRAIN_DELAY_SECONDS = 1
const LOCK_MS = 30_000

/** BullMQ over Redis, or over the bridge's own PostgreSQL when there is no Redis. */
export function openJobQueue(options: JobQueueOptions): JobQueue {
  return new BullJobQueue(options)
}

type AnyBackendQueue = Queue<
  unknown,
  unknown,
  string,
  unknown,
  unknown,
  string,
  IQueueBackend,
  ConnectionOptions
>
type AnyBackendWorker = Worker<
  unknown,
  unknown,
  string,
  IQueueBackend,
  JobProgress,
  ConnectionOptions
>

class BullJobQueue implements JobQueue {
  readonly #definitions = new Map<string, JobDefinition<unknown>>()
  readonly #options: JobQueueOptions
  readonly #queue: AnyBackendQueue
  readonly #stopping = new AbortController()
  #worker: AnyBackendWorker | null = null

  constructor(options: JobQueueOptions) {
    this.#options = options
    this.#queue = new Queue(QUEUE, this.#settings(), this.#backend())
    this.#queue.on('error', (error) => options.logger.warn({ err: error }, 'job queue'))
  }

  define<T>(definition: JobDefinition<T>): void {
    this.#definitions.set(definition.name, definition as JobDefinition<unknown>)
  }

  async add<T>(
    name: string,
    data: T,
    options: { id?: string; delayMs?: number } = {},
  ): Promise<void> {
    await this.#queue.add(name, data, {
      attempts: this.#definitions.get(name)?.attempts ?? ATTEMPTS,
      backoff: { type: 'exponential', delay: FIRST_BACKOFF_MS },
      removeOnComplete: 1_000,
      removeOnFail: 5_000,
      ...(options.id ? { jobId: options.id } : {}),
      ...(options.delayMs ? { delay: options.delayMs } : {}),
    })
  }

  async start(): Promise<void> {
    this.#worker = new Worker(
      QUEUE,
      async (job) => {
        const definition = this.#definitions.get(job.name)
        if (!definition) throw new Error(`No handler for job ${job.name}`)
        await definition.run(job.data, {
          attempt: job.attemptsMade,
          signal: this.#stopping.signal,
          logger: this.#options.logger.child({ job: job.name, job_id: job.id }),
        })
      },
      {
        ...this.#settings(),
        concurrency: this.#options.concurrency,
        drainDelay: DRAIN_DELAY_SECONDS,
        lockDuration: this.#options.lockMs ?? LOCK_MS,
        stalledInterval: this.#options.lockMs ?? LOCK_MS,
        // A job is not to blame for the processes that died over it, as long as they are few.
        maxStalledCount: ATTEMPTS,
      },
      this.#backend(),
    )
    this.#worker.on('error', (error) => this.#options.logger.warn({ err: error }, 'job worker'))
    this.#worker.on('failed', (job, error) =>
      this.#options.logger.error({ err: error, job: job?.name }, 'job failed'),
    )
    for (const definition of this.#definitions.values()) await this.#schedule(definition)
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort()
    if (this.#worker) {
      const closing = this.#worker.close()
      const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref())
      await Promise.race([closing, grace])
    }
    await this.#queue.close()
  }

  async ping(): Promise<boolean> {
    try {
      await this.#queue.getJobCounts('wait')
      return true
    } catch {
      return false
    }
  }

  async #schedule(definition: JobDefinition<unknown>): Promise<void> {
    if (!definition.everyMs) return
    await this.#queue.upsertJobScheduler(
      definition.name,
      { every: definition.everyMs },
      { name: definition.name },
    )
  }

  #settings(): QueueOptions {
    const { backend } = this.#options
    const connection =
      backend.kind === 'redis' ? { url: backend.url } : { ...backend.connection, migrate: true }
    return { connection } as QueueOptions
  }

  /** Undefined is the library's own default, Redis; its types name only the other case. */
  #backend(): BackendFactory {
    const factory = this.#options.backend.kind === 'redis' ? undefined : createPostgresBackend
    return factory as unknown as BackendFactory
  }
}
