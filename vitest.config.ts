import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['bridge/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'bridge/tests/browser/**', 'bridge/tests/servers/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
