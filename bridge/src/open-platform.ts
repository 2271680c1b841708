import { randomUUID } from 'node:crypto'
import { loadSecrets, type Config } from './config/index.ts'
import { openSharedState } from './platform/cache/index.ts'
import { createSealer } from './platform/crypto/index.ts'
import {
  claimDatabase,
  openDatabase,
  type DatabaseClaim,
  type MigrationFile,
} from './platform/database/index.ts'
import { createSiteClient } from './platform/frappe/index.ts'
import { openJobQueue } from './platform/jobs/index.ts'
import { createModels, createPriceBook } from './platform/models/index.ts'
import { createLogger, createMetrics, type Logger } from './platform/telemetry/index.ts'
import { systemClock, type Clock } from './shared/clock.ts'
import { randomIds, type Ids } from './shared/ids.ts'

/** What tests put in place of the real thing. */
export interface PlatformOverrides {
  clock?: Clock
  ids?: Ids
  logger?: Logger
  /** Keep the embedded database in a temporary folder that closing removes. */
  temporaryDatabase?: boolean
}

export type Platform = Awaited<ReturnType<typeof openPlatform>>

const JOBS_AT_ONCE = 4
const ANOTHER_PROCESS =
  'another Steward process uses this database, and one of the two has no REDIS_URL: several need it'

/** Opens everything below the features: database, jobs, shared state, site, models. */
export async function openPlatform(
  config: Config,
  migrations: MigrationFile[],
  overrides: PlatformOverrides,
) {
  const logger = overrides.logger ?? createLogger(config.logLevel)
  const clock = overrides.clock ?? systemClock
  const metrics = createMetrics()
  const secrets = await loadSecrets(config)
  const database = await openDatabase({
    url: config.databaseUrl,
    migrationUrl: config.databaseMigrationUrl,
    dataFolder: overrides.temporaryDatabase ? null : config.dataFolder,
    migrations,
    onSystemUse: (reason) => logger.trace({ reason }, 'system transaction'),
  })
  const jobs = openJobQueue({
    backend: config.redisUrl
      ? { kind: 'redis', url: config.redisUrl }
      : { kind: 'postgres', connection: database.connection },
    logger,
    concurrency: JOBS_AT_ONCE,
  })
  return {
    logger,
    clock,
    metrics,
    database,
    claim: await claimed(config, logger),
    jobs,
    ids: overrides.ids ?? randomIds,
    /** Names this process among the replicas. */
    replica: randomUUID(),
    state: openSharedState(config.redisUrl, clock),
    site: createSiteClient({ ...config.site, siteName: config.site.name, metrics }),
    models: createModels({
      allow_private_endpoints: config.environment.STEWARD_ALLOW_PRIVATE_ENDPOINTS,
    }),
    prices: createPriceBook({
      ceiling_usd_per_million: config.environment.STEWARD_UNKNOWN_PRICE_CEILING_USD ?? null,
    }),
    sealer: createSealer(secrets.sealingKeys),
    signingKey: secrets.signingKey,
  }
}

/** Null with the embedded database, whose folder is locked for one process. */
async function claimed(config: Config, logger: Logger): Promise<DatabaseClaim | null> {
  if (!config.databaseUrl) return null
  const claim = claimDatabase(config.databaseUrl, config.redisUrl ? 'shared' : 'alone')
  if (!(await claim.holds())) logger.warn(ANOTHER_PROCESS)
  return claim
}

export async function closePlatform(platform: Platform, graceMs: number): Promise<void> {
  await platform.jobs.stop(graceMs)
  await platform.models.close()
  platform.site.close()
  await platform.state.close()
  await platform.claim?.close()
  await platform.database.close()
}

/** Why the platform cannot serve now; empty when it can. */
export async function platformProblems(platform: Platform): Promise<string[]> {
  const [database, state, claimed] = await Promise.all([
    platform.database.ping(),
    platform.state.ping(),
    platform.claim?.holds() ?? true,
  ])
  return [
    database ? null : 'database does not answer',
    state ? null : 'Redis does not answer',
    claimed || !database ? null : ANOTHER_PROCESS,
  ].filter((reason) => reason !== null)
}
