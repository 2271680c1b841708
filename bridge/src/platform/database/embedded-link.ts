import { Duplex } from 'node:stream'
import type { EmbeddedThread } from './embedded-thread.ts'

type Done = (error?: Error | null) => void

/** Messages the server answers with ReadyForQuery: Sync, Query, FunctionCall. */
const ENDS_EXCHANGE = new Set([...'SQF'].map(code))
/** Asks for what there is without ending the exchange. */
const FLUSH = code('H')
const TERMINATE = code('X')
const PARSE = code('P')
const NO_DATA = Buffer.alloc(0)

/**
 * What `pg` takes for its socket to the embedded PostgreSQL: whole exchanges of the frontend protocol
 * go to its thread, answers come back. That saves a few system calls a message, which cost more than
 * the queries themselves.
 * Protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class EmbeddedLink extends Duplex {
  readonly #thread: EmbeddedThread
  readonly #link: number
  #rest: Buffer = NO_DATA
  #started = false
  /** Statements this link named; the shared session keeps them until they are let go. */
  readonly #named = new Set<string>()

  constructor(thread: EmbeddedThread) {
    super({ allowHalfOpen: false })
    this.#thread = thread
    this.#link = thread.open({
      answer: (data) => this.push(data),
      fail: (error) => this.destroy(error),
    })
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    // Answers are pushed when they come.
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#take(chunk)
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#thread.leave(this.#link, this.#named)
    done(error)
  }

  #take(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let sent = 0
    let end = 0
    for (let next = this.#endOfMessage(data, end); next; next = this.#endOfMessage(data, end)) {
      const type = this.#started ? data[end] : code('Q')
      if (type === PARSE) this.#noteName(data, end + 5)
      this.#started = true
      end = next
      if (type === TERMINATE) return void this.push(null)
      const complete = ENDS_EXCHANGE.has(type ?? 0)
      if (!complete && type !== FLUSH) continue
      this.#send(data.subarray(sent, end), complete)
      sent = end
    }
    this.#rest = data.subarray(sent)
  }

  /** Where the message at `start` ends; 0 while it is not all here. The first one has no type. */
  #endOfMessage(data: Buffer, start: number): number {
    const length = this.#started ? start + 1 : start
    if (data.length < length + 4) return 0
    const end = length + data.readInt32BE(length)
    return data.length < end ? 0 : end
  }

  #noteName(data: Buffer, start: number): void {
    const name = data.toString('utf8', start, data.indexOf(0, start))
    if (name !== '') this.#named.add(name)
  }

  #send(message: Buffer, complete: boolean): void {
    // A copy of its own: it moves to the thread, and the stream uses its buffer again.
    this.#thread.exchange(this.#link, new Uint8Array(message), complete)
  }
}

function code(letter: string): number {
  return letter.charCodeAt(0)
}
