import type { Readable } from 'node:stream'

const DRAIN_MS = 1_000
const MAX_BYTES = 64 * 1024 * 1024

/**
 * The bytes of a response body as they arrive. Unlike a stream's own iterator, leaving it after
 * the closing event lets the rest drain, so that the connection is kept for the next call.
 */
export class BodyPieces {
  readonly #body: Readable
  #pieces: Buffer[] = []
  #bytes = 0
  #ended = false
  #error: unknown = null
  #wake: (() => void) | null = null

  constructor(body: Readable) {
    this.#body = body
    body.on('data', (piece: Buffer) => this.#take(piece))
    body.on('end', () => this.#finish(null))
    body.on('error', (error) => this.#finish(error))
    body.on('close', () => this.#finish(new Error('The connection was closed.')))
  }

  /** Everything that has arrived since the last call; null at the end; throws when it broke. */
  async next(): Promise<Buffer | null> {
    while (this.#pieces.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const pieces = this.#pieces
    if (pieces.length === 0) {
      if (this.#error !== null) throw this.#error
      return null
    }
    this.#pieces = []
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
  }

  /** No more is wanted: `complete` after the closing event, otherwise the request is torn down. */
  release(complete: boolean): void {
    if (this.#ended) return
    if (!complete) {
      this.#body.destroy()
      return
    }
    const timer = setTimeout(() => this.#body.destroy(), DRAIN_MS)
    timer.unref()
    this.#body.once('close', () => clearTimeout(timer))
  }

  #take(piece: Buffer): void {
    this.#bytes += piece.length
    if (this.#bytes > MAX_BYTES) this.#body.destroy(new Error('The answer is too large.'))
    else this.#pieces.push(piece)
    this.#notify()
  }

  #finish(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#notify()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
