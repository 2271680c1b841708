import { defineConfig } from 'vitest/config'

/** Chromium (`CHROMIUM_PATH`, default Debian's) drives the built pages: run `npm run build` before. */
export default defineConfig({
  test: {
    include: ['bridge/tests/browser/**/*.test.ts', 'desk-ui/src/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
