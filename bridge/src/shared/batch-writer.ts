/**
 * Collects items and writes them together: at once when nothing is being written, else with the
 * next batch. The order is kept and every caller learns how its own item fared.
 */
export class BatchWriter<T, R> {
  readonly #write: (items: T[]) => Promise<R>
  readonly #delayMs: number
  readonly #limit: number
  #waiting: T[] = []
  #next: Promise<R> | null = null
  #running: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  #begin: (() => void) | null = null

  /** `delayMs` holds a batch back to let it grow; 0 writes as soon as the writer is free. */
  constructor(write: (items: T[]) => Promise<R>, options: { delayMs: number; limit: number }) {
    this.#write = write
    this.#delayMs = options.delayMs
    this.#limit = options.limit
  }

  /** The result of the batch that holds `item`. */
  add(item: T): Promise<R> {
    this.#waiting.push(item)
    this.#next ??= this.#schedule()
    if (this.#waiting.length >= this.#limit) this.#begin?.()
    return this.#next
  }

  /** Writes what waits now and resolves when all of it is written. */
  async flush(): Promise<void> {
    this.#begin?.()
    await this.#next?.catch(() => undefined)
    await this.#running
  }

  #schedule(): Promise<R> {
    const batch = this.#running.then(() => this.#pause()).then(() => this.#writeWaiting())
    this.#running = batch.then(
      () => undefined,
      () => undefined,
    )
    return batch
  }

  #pause(): Promise<void> | undefined {
    if (this.#delayMs === 0 || this.#waiting.length >= this.#limit) return undefined
    return new Promise((resolve) => {
      this.#begin = resolve
      this.#timer = setTimeout(resolve, this.#delayMs)
    })
  }

  #writeWaiting(): Promise<R> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#begin = null
    const items = this.#waiting
    this.#waiting = []
    this.#next = null
    return this.#write(items)
  }
}
