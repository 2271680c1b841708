import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createBillingFeature, type PlanLimits } from '../../src/features/billing/index.ts'
import { openSharedState } from '../../src/platform/cache/index.ts'
import { openDatabase, type OpenDatabase } from '../../src/platform/database/index.ts'
import { createLogger } from '../../src/platform/telemetry/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { randomIds } from '../../src/shared/ids.ts'
import { allMigrations } from './all-migrations.ts'
import { freshDatabase } from './fresh-database.ts'

const PLAN: PlanLimits = {
  period: 'month',
  requests: 1_000,
  model_nano_usd: null,
  person_requests: null,
  person_model_nano_usd: null,
}
const CALL = {
  site_id: 'site-a',
  team_id: 'team-1',
  person: 'a@example.com',
  requests: 1 as const,
  longest_ms: 60_000,
  max_nano_usd: 0n,
  note: {},
}

let database: OpenDatabase
let other: pg.Client

beforeAll(async () => {
  const { url, migrationUrl } = await freshDatabase(inject('postgresAdminUrl'))
  const migrations = await allMigrations()
  database = await openDatabase({ url, migrationUrl, dataFolder: null, migrations })
  const owner = new URL(inject('postgresAdminUrl'))
  owner.pathname = new URL(url).pathname
  other = new pg.Client({ connectionString: owner.href })
  await other.connect()
})

afterAll(async () => {
  await other.end()
  await database.close()
})

/** Resolves once somebody waits for a lock that the other session holds. */
const somebodyWaits = () =>
  expect.poll(async () => {
    const { rows } = await other.query(`select count(*)::int as waiting from pg_stat_activity
      where pg_backend_pid() = any(pg_blocking_pids(pid))`)
    return (rows as { waiting: number }[])[0]?.waiting
  })

it('asks for more of an account only after it has its lease, so that no two wait for each other', async () => {
  const { spending, stop } = createBillingFeature({
    database,
    plans: async () => PLAN,
    fanout: openSharedState(null, systemClock).fanout,
    clock: systemClock,
    ids: randomIds,
    logger: createLogger('silent'),
    replica: 'one',
    leases: { block: { requests: 1n, nano_usd: 0n } },
  })
  await spending.begin(CALL)
  await other.query('begin')
  await other.query('select from lease for update')
  const second = spending.begin(CALL)
  await somebodyWaits().toBe(1)
  await other.query('select from quota_limit for update nowait')
  await other.query('commit')
  await second
  await stop()
})
