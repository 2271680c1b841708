import { EventEmitter } from 'node:events'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Clock } from '../../shared/clock.ts'
import type { HotCache, SharedState } from './cache-port.ts'
import { limiterOf } from './rate-limiter.ts'

const MOST_ENTRIES = 20_000

/** For a single process: a bounded map, an emitter and counters in memory. */
export function inProcessState(clock: Clock): SharedState {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    cache: new BoundedCache(clock),
    fanout: {
      publish: (channel, message) => void emitter.emit(channel, message),
      subscribe: (channel, listener) => {
        emitter.on(channel, listener)
        return () => void emitter.off(channel, listener)
      },
    },
    limiter: (keyPrefix, points, duration) =>
      limiterOf(new RateLimiterMemory({ keyPrefix, points, duration })),
    ping: async () => true,
    close: async () => undefined,
  }
}

class BoundedCache implements HotCache {
  readonly #entries = new Map<string, { value: string; until: number }>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async get(key: string): Promise<string | undefined> {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.until > this.#clock.monotonic()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: this.#clock.monotonic() + ttlMs })
    const oldest = this.#entries.keys().next()
    if (this.#entries.size > MOST_ENTRIES && !oldest.done) this.#entries.delete(oldest.value)
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key)
  }
}
