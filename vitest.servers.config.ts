import { defineConfig } from 'vitest/config'

/** Suites on a real PostgreSQL and a real Redis, both started for the run by `own-servers.ts`. */
export default defineConfig({
  test: {
    include: ['bridge/tests/servers/**/*.test.ts'],
    globalSetup: ['bridge/tests/servers/own-servers.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
