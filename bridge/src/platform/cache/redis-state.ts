import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import type { Fanout, SharedState } from './cache-port.ts'
import { limiterOf } from './rate-limiter.ts'

const PREFIX = 'steward:'
const COMMAND_TIMEOUT_MS = 1_000

/**
 * Over a Redis server. When Redis is away the cache misses, live events stay in this process and
 * limits count in memory: nothing durable depends on it.
 */
export function redisState(url: string): SharedState {
  const commands = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  })
  // Subscriptions wait for the connection, however long, and are renewed by it when it comes back.
  const subscriber = new Redis(url, { maxRetriesPerRequest: null })
  for (const client of [commands, subscriber]) client.on('error', () => undefined)
  return {
    cache: {
      get: (key) =>
        commands.get(PREFIX + key).then(
          (value) => value ?? undefined,
          () => undefined,
        ),
      set: (key, value, ttlMs) =>
        commands.set(PREFIX + key, value, 'PX', Math.ceil(ttlMs)).then(ignore, ignore),
      delete: (key) => commands.del(PREFIX + key).then(ignore, ignore),
    },
    fanout: new RedisFanout(commands, subscriber),
    limiter: (name, points, duration) =>
      limiterOf(
        new RateLimiterRedis({
          storeClient: commands,
          keyPrefix: `${PREFIX}limit:${name}`,
          points,
          duration,
          insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration }),
        }),
      ),
    ping: () =>
      commands.ping().then(
        () => true,
        () => false,
      ),
    close: async () => {
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}

function ignore(): void {
  // The cache may forget; the next read just misses.
}

class RedisFanout implements Fanout {
  readonly #listeners = new Map<string, Set<(message: string) => void>>()
  readonly #commands: Redis
  readonly #subscriber: Redis

  constructor(commands: Redis, subscriber: Redis) {
    this.#commands = commands
    this.#subscriber = subscriber
    subscriber.on('message', (channel: string, message: string) =>
      this.#deliver(channel.slice(PREFIX.length), message),
    )
  }

  publish(channel: string, message: string): void {
    this.#commands.publish(PREFIX + channel, message).catch(() => this.#deliver(channel, message))
  }

  subscribe(channel: string, listener: (message: string) => void): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    if (listeners.size === 0) this.#subscriber.subscribe(PREFIX + channel).catch(ignore)
    this.#listeners.set(channel, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      this.#listeners.delete(channel)
      this.#subscriber.unsubscribe(PREFIX + channel).catch(ignore)
    }
  }

  #deliver(channel: string, message: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message)
  }
}
