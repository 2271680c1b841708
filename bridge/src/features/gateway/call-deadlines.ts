import { ModelFailure } from '../../platform/models/index.ts'
import type { CallDeadlines } from './gateway-call.ts'

/**
 * Watches one attempt: the caller's signal, the end of the whole call, the first token and the gap
 * between tokens. Whatever comes first aborts `signal` with the matching ModelFailure as reason.
 */
export class AttemptWatch {
  readonly #controller = new AbortController()
  readonly #provider: string
  readonly #between: number
  readonly #parent: AbortSignal
  readonly #onParentAbort: () => void
  readonly #total: NodeJS.Timeout
  #gap: NodeJS.Timeout
  #begun = false

  constructor(
    provider: string,
    deadlines: CallDeadlines,
    remainingMs: number,
    parent: AbortSignal,
  ) {
    this.#provider = provider
    this.#between = deadlines.between_tokens_ms
    this.#parent = parent
    this.#onParentAbort = () => this.#controller.abort(parent.reason)
    if (parent.aborted) this.#onParentAbort()
    else parent.addEventListener('abort', this.#onParentAbort, { once: true })
    this.#total = setTimeout(() => this.#fail('timeout_total'), Math.max(0, remainingMs))
    this.#gap = setTimeout(() => this.#fail('timeout_first_token'), deadlines.first_token_ms)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** A token came: the clock of the gap starts again. */
  token(): void {
    if (this.#begun) {
      this.#gap.refresh()
      return
    }
    this.#begun = true
    clearTimeout(this.#gap)
    this.#gap = setTimeout(() => this.#fail('timeout_between_tokens'), this.#between)
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason)
  }

  release(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#gap)
    this.#parent.removeEventListener('abort', this.#onParentAbort)
  }

  #fail(kind: keyof typeof SENTENCE): void {
    this.#controller.abort(
      new ModelFailure(kind, `${this.#provider} ${SENTENCE[kind]}.`, { provider: this.#provider }),
    )
  }
}

const SENTENCE = {
  timeout_total: 'did not finish in time',
  timeout_first_token: 'did not begin to answer in time',
  timeout_between_tokens: 'stopped in the middle of its answer',
}
