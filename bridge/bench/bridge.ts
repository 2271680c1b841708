/**
 * What the bridge adds. On the sandbox; the cost of writing also on a real site with `--site URL
 * --user U --password P --customer C --item I` (it removes what it made), `--pairs` and `--rows`.
 * `--writes` measures nothing but that.
 */
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { freshDatabase } from '../tests/servers/fresh-database.ts'
import { startPostgres } from '../tests/servers/postgres-server.ts'
import { firstToken } from './bridge/first-token.ts'
import { ownTime } from './bridge/own-time.ts'
import { Person, siteBearer } from './bridge/person.ts'
import { Stack } from './bridge/stack.ts'
import { writeCost } from './bridge/write-cost.ts'

const AT_ONCE = 16
const TIMES = 20
const LATENCY_MS = 20
const SALES = ['ivy@example.com', 'steward-ivy-1'] as const
const ASKS = {
  'one answer without the site': 'What can you do?',
  'a list': 'unpaid invoices of Cedar Hill School',
  'a figure': 'which customers owe us most',
}

const { values } = parseArgs({
  options: {
    site: { type: 'string' },
    user: { type: 'string', default: 'Administrator' },
    password: { type: 'string', default: '' },
    customer: { type: 'string', default: 'Cedar Hill School' },
    item: { type: 'string', default: 'CHAIR-TASK' },
    pairs: { type: 'string', default: '40' },
    rows: { type: 'string', default: '1' },
    writes: { type: 'boolean', default: false },
  },
})

const stack = new Stack()
try {
  await (values.site ? realSite(values.site) : sandbox())
} finally {
  await stack.stop()
}

async function sandbox(): Promise<void> {
  await stack.startSandbox()
  if (!values.writes) await bridgeTimes()
  await printWriteCost(stack.siteUrl, await siteBearer(stack.siteUrl, ...SALES))
}

async function bridgeTimes(): Promise<void> {
  console.log(
    `Own time of requests answered locally, in ms; each call of the site takes ${LATENCY_MS} ms.`,
  )
  console.log('Limits at 16 at once: own p50 < 5, own p99 < 25; site calls of the list <= 3.')
  console.log('\nEmbedded PostgreSQL')
  console.table(await ownTimes({}))
  await withServer(async (environment) => {
    console.log('\nPostgreSQL server on the same machine')
    console.table(await ownTimes(environment))
  })
  console.log('\nFirst token, from leaving the model server to reaching the client, in ms.')
  console.log('Limit: p50 < 3.')
  console.table({ 'one at a time': await firstToken(stack) })
}

async function ownTimes(environment: Record<string, string>): Promise<Record<string, unknown>> {
  const delayed = stack.run<{ listening: string }>('bench/delayed-site.ts', {
    SITE_URL: stack.siteUrl,
    LATENCY_MS: `${LATENCY_MS}`,
  })
  const site = (await delayed.ready).listening
  const { url, child } = await stack.startBridge(site, {
    STEWARD_SITE_CONCURRENCY: '64',
    ...environment,
  })
  const people = []
  for (let n = 0; n < AT_ONCE; n += 1)
    people.push(await Person.signIn(stack.siteUrl, url, ...SALES))
  const rows: Record<string, unknown> = {}
  for (const [name, text] of Object.entries(ASKS))
    for (const count of [1, AT_ONCE]) {
      const measured = { people: people.slice(0, count), site, bridgePid: child.pid }
      rows[`${name}, ${count} at once`] = await ownTime(measured, text, TIMES)
    }
  await child.stop()
  await delayed.stop()
  return rows
}

/** Where the machine has a PostgreSQL, with a database of its own on it. */
async function withServer(
  run: (environment: Record<string, string>) => Promise<void>,
): Promise<void> {
  const server = await startPostgres().catch(() => null)
  if (!server) return console.log('\n(no PostgreSQL on this machine to compare with)')
  try {
    const { url, migrationUrl } = await freshDatabase(server.adminUrl)
    await run({ DATABASE_URL: url, DATABASE_MIGRATION_URL: migrationUrl })
  } finally {
    await server.stop()
  }
}

async function realSite(site: string): Promise<void> {
  await printWriteCost(site, await siteBearer(site, values.user, values.password))
}

async function printWriteCost(site: string, bearer: string): Promise<void> {
  const [rows, times] = [Number(values.rows), Number(values.pairs)]
  const { plain, guarded, ratio } = await writeCost({ ...values, site, bearer, rows, times })
  console.log(
    `\nA quotation of ${rows} row(s) made and submitted on ${site}, in ms, in alternation.`,
  )
  console.log(
    `Load of this machine (1 min, ${availableParallelism()} cores): ${loadavg()[0]?.toFixed(1)}`,
  )
  console.table({ 'two plain REST writes': plain, 'preview and apply': guarded })
  console.log(
    `Ratio within a pair: median ${ratio.median}, half of them ${ratio['half of the pairs']}.`,
  )
  console.log('Limit: median < 1.5.')
}
