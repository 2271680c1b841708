import type { Clock } from '../../../shared/clock.ts'

interface Entry<V> {
  value: Promise<V>
  expires: number
}

/** Remembers answers for a while; the oldest go first when full, and a failed one is not kept. */
export class ExpiringCache<V> {
  private readonly entries = new Map<string, Entry<V>>()
  private readonly clock: Clock
  private readonly ttlMs: number
  private readonly capacity: number

  constructor(options: { clock: Clock; ttlMs: number; capacity: number }) {
    this.clock = options.clock
    this.ttlMs = options.ttlMs
    this.capacity = options.capacity
  }

  /** The remembered value of `key`, or what `load` answers; concurrent callers share one load. */
  async get(key: string, load: () => Promise<V>): Promise<V> {
    const known = this.entries.get(key)
    if (known && known.expires > this.clock.monotonic()) return known.value
    const value = load()
    this.keep(key, { value, expires: this.clock.monotonic() + this.ttlMs })
    try {
      return await value
    } catch (error) {
      if (this.entries.get(key)?.value === value) this.entries.delete(key)
      throw error
    }
  }

  private keep(key: string, entry: Entry<V>): void {
    this.entries.delete(key)
    this.entries.set(key, entry)
    const oldest = this.entries.keys().next().value
    if (this.entries.size > this.capacity && oldest !== undefined) this.entries.delete(oldest)
  }
}
