import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, startServer } from './server-process.ts'

export interface RedisServer {
  url: string
  port: number
  stop(): Promise<void>
}

/** Debian's redis-server on loopback, nothing kept on disk. A given port lets it come back. */
export async function startRedis(port?: number): Promise<RedisServer> {
  const chosen = port ?? (await freePort())
  const folder = await mkdtemp(join(tmpdir(), 'steward-redis-'))
  const server = await startServer(
    'redis-server',
    ['--port', `${chosen}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    () => ping(chosen),
  )
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function ping(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}
