import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StewardError } from '../../shared/errors.ts'
import type { FromWorker, ToWorker } from './embedded-worker.ts'

/** What a link hears from the database. */
export interface LinkEnd {
  /** The whole answer to the oldest exchange not answered yet. */
  answer(data: Uint8Array): void
  fail(error: Error): void
}

/** The embedded PostgreSQL from outside its thread: any number of links send exchanges to it. */
export class EmbeddedThread {
  readonly #worker: Worker
  readonly #links = new Map<number, LinkEnd>()
  #lastLink = 0
  #unanswered = 0
  #closed: (() => void) | null = null

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: FromWorker) => this.#hear(message))
    worker.on('error', (error) => this.#lose(error))
    worker.on('exit', () => this.#lose(gone()))
    worker.unref()
  }

  static async start(folder: string): Promise<EmbeddedThread> {
    const worker = new Worker(join(import.meta.dirname, 'embedded-worker.ts'), {
      workerData: { folder },
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve())
      worker.once('error', reject)
    })
    worker.removeAllListeners('error')
    return new EmbeddedThread(worker)
  }

  /** A new link's number. */
  open(end: LinkEnd): number {
    this.#lastLink += 1
    this.#links.set(this.#lastLink, end)
    return this.#lastLink
  }

  /** `message` moves to the thread: it can't be read here any more. */
  exchange(link: number, message: Uint8Array, complete: boolean): void {
    this.#unanswered += 1
    // Whoever waits for an answer keeps the process alive; an idle database does not.
    if (this.#unanswered === 1) this.#worker.ref()
    this.#send({ kind: 'exchange', link, message, complete }, [message.buffer as ArrayBuffer])
  }

  leave(link: number, statements: Iterable<string>): void {
    this.#links.delete(link)
    this.#send({ kind: 'leave', link, statements: [...statements] })
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#closed = resolve))
    this.#worker.ref()
    this.#send({ kind: 'close' })
    await closed
    await this.#worker.terminate()
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'closed') this.#closed?.()
    if (message.kind !== 'answer') return
    this.#unanswered -= 1
    if (this.#unanswered === 0) this.#worker.unref()
    const end = this.#links.get(message.link)
    if (message.data.length > 0) end?.answer(message.data)
    if (message.error !== null) end?.fail(new Error(message.error))
  }

  #lose(error: unknown): void {
    this.#closed?.()
    const reason = error instanceof Error ? error : gone()
    for (const end of this.#links.values()) end.fail(reason)
    this.#links.clear()
  }

  #send(message: ToWorker, moved: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, moved)
  }
}

function gone(): StewardError {
  return new StewardError('unavailable', 'The embedded database has stopped.')
}
