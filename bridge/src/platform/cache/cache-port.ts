/** Small values shared by replicas for a while; it may forget any of them at any time. */
export interface HotCache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
}

/** Publish and subscribe between replicas; a message may be lost, never altered. */
export interface Fanout {
  publish(channel: string, message: string): void
  /** Returns the function that ends the subscription. */
  subscribe(channel: string, listener: (message: string) => void): () => void
}

/** Fixed-window limit, shared by replicas where there is a Redis. */
export interface RateLimiter {
  take(key: string): Promise<{ allowed: boolean; remaining: number; resetMs: number }>
}

export interface SharedState {
  cache: HotCache
  fanout: Fanout
  /** `points` calls a key in each `seconds`. */
  limiter(name: string, points: number, seconds: number): RateLimiter
  ping(): Promise<boolean>
  close(): Promise<void>
}
