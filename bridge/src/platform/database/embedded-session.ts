import type { PGlite } from '@electric-sql/pglite'

interface Exchange {
  link: number
  message: Uint8Array
  complete: boolean
  onData: (data: Buffer) => void
  done: (error: Error | null) => void
}

/**
 * The one session of an embedded PostgreSQL, shared by any number of links. Exchanges run one at a
 * time in the order they came; while a link is in a transaction only its own are let through.
 */
export class EmbeddedSession {
  readonly #db: PGlite
  #waiting: Exchange[] = []
  #owner: number | null = null
  #running = false

  constructor(db: PGlite) {
    this.#db = db
  }

  /**
   * Sends `message`, one or more whole messages of the frontend protocol. `complete` tells that the
   * server is ready for the next one after it; otherwise the link keeps the session until it is.
   */
  exchange(link: number, message: Uint8Array, complete: boolean, onData: (data: Buffer) => void) {
    return new Promise<void>((resolve, reject) => {
      const done = (error: Error | null) => (error ? reject(error) : resolve())
      this.#waiting.push({ link, message, complete, onData, done })
      void this.#runWaiting()
    })
  }

  /**
   * The link is gone: what it sent and nobody answered is dropped, its transaction rolled back, and
   * the statements it had named are let go when it is their turn.
   */
  async leave(link: number, statements: Iterable<string>): Promise<void> {
    this.#waiting = this.#waiting.filter((exchange) => exchange.link !== link)
    if (this.#owner === link) {
      await this.#db.exec('rollback').catch(() => undefined)
      this.#owner = null
    }
    for (const name of statements) {
      const released = this.exchange(
        link,
        simpleQuery(`deallocate "${name}"`),
        true,
        () => undefined,
      )
      released.catch(() => undefined)
    }
    await this.#runWaiting()
  }

  async #runWaiting(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (let next = this.#next(); next; next = this.#next()) await this.#run(next)
    this.#running = false
  }

  #next(): Exchange | undefined {
    if (this.#owner === null) return this.#waiting.shift()
    const index = this.#waiting.findIndex((exchange) => exchange.link === this.#owner)
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  async #run({ link, message, complete, onData, done }: Exchange): Promise<void> {
    try {
      await this.#db.runExclusive(() =>
        // What it hands out is its own memory, used again by the next answer.
        this.#db.execProtocolRawStream(message, { onRawData: (data) => onData(Buffer.from(data)) }),
      )
      this.#owner = !complete || this.#db.isInTransaction() ? link : null
      done(null)
    } catch (error) {
      this.#owner = null
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-QUERY */
function simpleQuery(text: string): Uint8Array {
  const body = Buffer.from(`${text}\0`)
  const message = Buffer.alloc(5 + body.length)
  message.write('Q')
  message.writeInt32BE(4 + body.length, 1)
  body.copy(message, 5)
  return message
}
