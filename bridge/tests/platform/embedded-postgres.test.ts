import type { Duplex } from 'node:stream'
import pg from 'pg'
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

test('a link that breaks leaves neither its transaction nor its statements to the next one', async () => {
  const database = await openDatabase({
    url: null,
    migrationUrl: null,
    dataFolder: null,
    migrations: [],
  })
  const open = database.connection.stream as () => Duplex
  const links: Duplex[] = []
  const pool = new pg.Pool({
    ...database.connection,
    max: 1,
    stream: () => {
      const link = open()
      links.push(link)
      return link as never
    },
  })
  pool.on('error', () => undefined)
  const prepared = { name: 'kept', text: 'select 1 as one', values: [] }
  const client = await pool.connect()
  client.on('error', () => undefined)
  await client.query(prepared)
  await client.query('begin')
  await client.query('create table half_done (id int)')
  links[0]?.destroy(new Error('broken'))
  client.release(true)

  expect((await pool.query(prepared)).rows).toEqual([{ one: 1 }])
  await expect(pool.query('select * from half_done')).rejects.toThrow('does not exist')
  await pool.end()
  await database.close()
})
