import { afterEach, expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/platform/database/index.ts'

afterEach(() => vi.useRealTimers())

test('the embedded database answers after a long pause as before it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const database = await openDatabase({
    url: null,
    migrationUrl: null,
    dataFolder: null,
    migrations: [],
  })
  const ask = () =>
    database.withSystem('test', (tx) => tx.selectNoFrom((eb) => eb.val(1).as('one')).execute())
  expect(await ask()).toHaveLength(1)
  vi.advanceTimersByTime(60 * 60_000)
  await new Promise((resolve) => setImmediate(resolve))
  expect(await ask()).toHaveLength(1)
  vi.useRealTimers()
  await database.close()
})
