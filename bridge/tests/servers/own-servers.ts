import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres-server.ts'
import { startRedis } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's connection to the run's PostgreSQL; tests make their own databases with it. */
    postgresAdminUrl: string
    redisUrl: string
  }
}

/** One PostgreSQL and one Redis for the whole run, on free loopback ports, in temporary folders. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  const redis = await startRedis()
  project.provide('postgresAdminUrl', postgres.adminUrl)
  project.provide('redisUrl', redis.url)
  return async () => {
    await redis.stop()
    await postgres.stop()
  }
}
