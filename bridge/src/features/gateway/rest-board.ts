import type { ModelFailure } from '../../platform/models/index.ts'
import type { Clock } from '../../shared/clock.ts'

/** Small values that replicas share for a while; may forget at any time. */
export interface SharedCache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlMs: number): Promise<void>
}

interface Rest {
  /** Wall-clock milliseconds until which it is left alone. */
  until: number
  failures: number
}

const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 60_000
/** Keys and credit do not mend themselves in seconds. */
const ACCOUNT_REST_MS = 60_000
const PROBE_MS = 30_000
const REFRESH_MS = 1_000

/**
 * Which models are being left alone after failures, shared by replicas through the cache. After its
 * rest one call may try a model again; the others go on past it until that call has succeeded.
 */
export class RestBoard {
  readonly #cache: SharedCache
  readonly #clock: Clock
  readonly #rests = new Map<string, Rest>()
  readonly #read_at = new Map<string, number>()

  constructor(cache: SharedCache, clock: Clock) {
    this.#cache = cache
    this.#clock = clock
  }

  /** Milliseconds this model still rests; 0 when it may be called. */
  restOf(key: string): number {
    return Math.max(0, (this.#rests.get(key)?.until ?? 0) - this.#now())
  }

  /** Looks what other replicas have seen; only the first look at a model is waited for. */
  async refresh(keys: string[]): Promise<void> {
    const now = this.#now()
    const stale = keys.filter((key) => now - (this.#read_at.get(key) ?? 0) >= REFRESH_MS)
    if (stale.length === 0) return
    const unseen = stale.some((key) => !this.#read_at.has(key))
    for (const key of stale) this.#read_at.set(key, now)
    const reads = Promise.allSettled(stale.map((key) => this.#read(key)))
    if (unseen) await reads
  }

  /** Claims the one trial after a rest, so that the others do not all try at once. */
  claimTrial(key: string): void {
    const rest = this.#rests.get(key)
    if (rest && rest.until <= this.#now()) rest.until = this.#now() + PROBE_MS
  }

  succeeded(key: string): void {
    if (!this.#rests.delete(key)) return
    this.#share(key, { until: 0, failures: 0 })
  }

  /** The trial ended without saying anything about the provider (the person left). */
  endTrial(key: string): void {
    const rest = this.#rests.get(key)
    if (rest) rest.until = this.#now()
  }

  failed(key: string, failure: ModelFailure): void {
    const failures = (this.#rests.get(key)?.failures ?? 0) + 1
    const rest = { failures, until: this.#now() + restMs(failure, failures) }
    this.#rests.set(key, rest)
    this.#share(key, rest)
  }

  #now(): number {
    return this.#clock.now().getTime()
  }

  async #read(key: string): Promise<void> {
    const text = await this.#cache.get(`rest:${key}`)
    if (text === undefined) return
    const shared = JSON.parse(text) as Rest
    const own = this.#rests.get(key)
    if (!own || shared.until > own.until) this.#rests.set(key, shared)
  }

  #share(key: string, rest: Rest): void {
    // A cache that is away costs the other replicas one failed call of their own, no more.
    this.#cache.set(`rest:${key}`, JSON.stringify(rest), LONGEST_REST_MS * 2).catch(() => undefined)
  }
}

function restMs(failure: ModelFailure, failures: number): number {
  if (failure.retry_after_ms !== null) return Math.max(failure.retry_after_ms, 500)
  const account = ['authentication', 'out_of_credit', 'model_not_found'].includes(failure.kind)
  if (account) return ACCOUNT_REST_MS
  return Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS)
}
