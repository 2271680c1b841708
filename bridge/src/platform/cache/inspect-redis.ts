import { Redis } from 'ioredis'

export interface RedisInspection {
  version: string
  /** What Redis does when memory is full; jobs need `noeviction`. */
  evictionPolicy: string
}

/** Looks at the Redis at `url`; throws what ioredis throws when it cannot connect. */
export async function inspectRedis(url: string): Promise<RedisInspection> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    retryStrategy: () => null,
  })
  // The failed connect itself is what is thrown.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const [server, memory] = await Promise.all([client.info('server'), client.info('memory')])
    return {
      version: valueOf(server, 'redis_version'),
      evictionPolicy: valueOf(memory, 'maxmemory_policy'),
    }
  } finally {
    client.disconnect()
  }
}

function valueOf(section: string, key: string): string {
  return new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(section)?.[1] ?? ''
}
