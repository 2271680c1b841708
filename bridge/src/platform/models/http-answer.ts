import type { Dispatcher } from 'undici'

const DRAIN_MS = 1_000
const MAX_BYTES = 64 * 1024 * 1024

type Headers = Record<string, string | string[] | undefined>

/**
 * One answer over undici's own dispatch interface: the bytes of its body as they arrive, without a
 * stream in between. Leaving it after the closing event lets the rest drain, so that the connection
 * is kept for the next call.
 */
export class HttpAnswer implements Dispatcher.DispatchHandler {
  status = 0
  headers: Headers = {}
  readonly #signal: AbortSignal
  readonly #headed = Promise.withResolvers<this>()
  readonly #onAbort = () => this.#abort(this.#signal.reason)
  #controller: Dispatcher.DispatchController | null = null
  #pieces: Buffer[] = []
  #bytes = 0
  #ended = false
  #error: unknown = null
  #wake: (() => void) | null = null
  #draining: NodeJS.Timeout | null = null

  private constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Resolves with the head of the answer; rejects when there is none, or with the signal's reason. */
  static to(
    dispatcher: Dispatcher,
    options: Dispatcher.DispatchOptions,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const answer = new HttpAnswer(signal)
    dispatcher.dispatch(options, answer)
    return answer.#headed.promise
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

  /** The whole body as text; throws when it broke. */
  async text(): Promise<string> {
    const pieces: Buffer[] = []
    for (let piece = await this.next(); piece !== null; piece = await this.next())
      pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }

  header(name: string): string | null {
    const value = this.headers[name]
    return (Array.isArray(value) ? value[0] : value) ?? null
  }

  /** No more is wanted: `complete` after the closing event, otherwise the request is torn down. */
  release(complete: boolean): void {
    if (this.#ended) return
    if (!complete) return this.#abort(new Error('The rest is not wanted.'))
    this.#draining = setTimeout(
      () => this.#abort(new Error('The rest does not end.')),
      DRAIN_MS,
    ).unref()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#ended) controller.abort(this.#error as Error)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 1xx: the answer itself is still to come.
    if (status < 200) return
    this.status = status
    this.headers = headers
    this.#headed.resolve(this)
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#ended || this.#draining) return
    this.#bytes += piece.length
    if (this.#bytes > MAX_BYTES) return this.#abort(new Error('The answer is too large.'))
    this.#pieces.push(piece)
    this.#notify()
  }

  onResponseEnd(): void {
    this.#finish(null)
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish(error)
  }

  #abort(reason: unknown): void {
    this.#finish(reason)
    this.#controller?.abort(reason as Error)
  }

  #finish(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (this.#draining) clearTimeout(this.#draining)
    if (error !== null) this.#headed.reject(error)
    this.#notify()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
