import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadSecrets, type Config } from './config/index.ts'
import { createSessionFeature, sessionMigrations } from './features/session/index.ts'
import { createTeamsFeature, teamMigrations } from './features/teams/index.ts'
import { ApiRouter, createHttpApp } from './http/index.ts'
import { openSharedState } from './platform/cache/index.ts'
import { createSealer } from './platform/crypto/index.ts'
import { openDatabase } from './platform/database/index.ts'
import { createSiteClient } from './platform/frappe/index.ts'
import { openJobQueue } from './platform/jobs/index.ts'
import { createLogger, createMetrics, type Logger } from './platform/telemetry/index.ts'
import { systemClock, type Clock } from './shared/clock.ts'
import { randomIds, type Ids } from './shared/ids.ts'
import { VERSION } from './version.ts'

export type ProcessRole = 'api' | 'worker' | 'all'

/** What tests put in place of the real thing. */
export interface AppOverrides {
  /** Which part of the work this process does; `all` by default. */
  role?: ProcessRole
  clock?: Clock
  ids?: Ids
  logger?: Logger
  /** Keep the embedded database in a temporary folder that `stop` removes. */
  temporaryDatabase?: boolean
}

export interface App {
  /** Address it listens on. */
  url: string
  logger: Logger
  /** Readiness goes false, requests in flight finish or are handed back, then all closes. */
  stop(): Promise<void>
}

const GRACE_MS = 25_000

/** The one composition root: opens the platform, joins the features, listens. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const platform = await openPlatform(config, overrides)
  let publicUrl = config.publicUrl ?? ''
  const allowedOrigins = new Set([new URL(config.site.url).origin, ...config.allowedOrigins])
  const teams = createTeamsFeature(platform)
  const session = createSessionFeature({
    ...platform,
    siteId: config.site.id,
    service: config.site.service,
    teams: teams.service,
    allowedOrigins,
    publicUrl: () => publicUrl,
  })
  const api = new ApiRouter({ session: session.authenticate, api_key: session.authenticate })
  session.registerRoutes(api)
  let stopping = false
  const http = createHttpApp({
    api,
    version: VERSION,
    logger: platform.logger,
    metrics: platform.metrics,
    allowedOrigins,
    readiness: () => readiness(platform, stopping),
  })
  const server = createServer(http)
  const url = await listen(server, config)
  publicUrl ||= url
  allowedOrigins.add(new URL(publicUrl).origin)
  platform.logger.info({ url, site: config.site.url }, 'listening')
  return {
    url,
    logger: platform.logger,
    stop: async () => {
      stopping = true
      await closeServer(server)
      await closePlatform(platform)
    },
  }
}

type Platform = Awaited<ReturnType<typeof openPlatform>>

async function openPlatform(config: Config, overrides: AppOverrides) {
  const logger = overrides.logger ?? createLogger(config.logLevel)
  const clock = overrides.clock ?? systemClock
  const ids = overrides.ids ?? randomIds
  const metrics = createMetrics()
  const secrets = await loadSecrets(config)
  const database = await openDatabase({
    url: config.databaseUrl,
    migrationUrl: config.databaseMigrationUrl,
    dataFolder: overrides.temporaryDatabase ? null : config.dataFolder,
    migrations: [...teamMigrations, ...sessionMigrations],
    onSystemUse: (reason) => logger.trace({ reason }, 'system transaction'),
  })
  const jobs = openJobQueue({
    backend: config.redisUrl
      ? { kind: 'redis', url: config.redisUrl }
      : { kind: 'postgres', connection: database.connection },
    logger,
    concurrency: 4,
  })
  return {
    logger,
    clock,
    ids,
    metrics,
    database,
    jobs,
    state: openSharedState(config.redisUrl, clock),
    site: createSiteClient({ ...config.site, siteName: config.site.name, metrics }),
    sealer: createSealer(secrets.sealingKeys),
    signingKey: secrets.signingKey,
  }
}

async function closePlatform(platform: Platform): Promise<void> {
  await platform.jobs.stop(GRACE_MS)
  platform.site.close()
  await platform.state.close()
  await platform.database.close()
}

async function readiness(platform: Platform, stopping: boolean): Promise<string[]> {
  if (stopping) return ['stopping']
  const [database, state] = await Promise.all([platform.database.ping(), platform.state.ping()])
  return [
    database ? null : 'database does not answer',
    state ? null : 'Redis does not answer',
  ].filter((reason) => reason !== null)
}

function listen(server: Server, config: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, () => {
      const { port } = server.address() as AddressInfo
      resolve(`http://${config.host}:${port}`)
    })
  })
}

/** Lets answers under way finish, then cuts what is left. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearTimeout(grace)
}
