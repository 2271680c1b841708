import { createServer } from 'node:http'
import type { Config } from './config/index.ts'
import { billingMigrations, createBillingFeature } from './features/billing/index.ts'
import {
  createGatewayFeature,
  gatewayMigrations,
  providersFromEnvironment,
  providersFromSettings,
} from './features/gateway/index.ts'
import { createSessionFeature, sessionMigrations } from './features/session/index.ts'
import { SiteSettingsReader, teamLimits } from './features/settings/index.ts'
import { createTeamsFeature, teamMigrations } from './features/teams/index.ts'
import { ApiRouter, closeServer, createHttpApp, listen, personLimit } from './http/index.ts'
import {
  closePlatform,
  openPlatform,
  platformProblems,
  type Platform,
  type PlatformOverrides,
} from './open-platform.ts'
import type { Logger } from './platform/telemetry/index.ts'
import { VERSION } from './version.ts'

export type ProcessRole = 'api' | 'worker' | 'all'

export interface AppOverrides extends PlatformOverrides {
  /** Which part of the work this process does; `all` by default. */
  role?: ProcessRole
}

export interface App {
  /** Address it listens on. */
  url: string
  logger: Logger
  /** Readiness goes false, requests in flight finish or are handed back, then all closes. */
  stop(): Promise<void>
}

const GRACE_MS = 25_000
const MIGRATIONS = [
  ...teamMigrations,
  ...sessionMigrations,
  ...billingMigrations,
  ...gatewayMigrations,
]

/** The one composition root: opens the platform, joins the features, listens. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const role = overrides.role ?? 'all'
  const platform = await openPlatform(config, MIGRATIONS, overrides)
  const origins = new Set([new URL(config.site.url).origin, ...config.allowedOrigins])
  const address = { publicUrl: config.publicUrl ?? '' }
  const features = joinFeatures(platform, config, origins, address)
  let stopping = false
  const server = createServer(
    createHttpApp({
      api: features.api,
      version: VERSION,
      logger: platform.logger,
      metrics: platform.metrics,
      allowedOrigins: origins,
      readiness: async () => (stopping ? ['stopping'] : platformProblems(platform)),
    }),
  )
  await features.start()
  if (role !== 'api') await platform.jobs.start()
  const url = await listen(server, config.port, config.host)
  address.publicUrl ||= url
  origins.add(new URL(address.publicUrl).origin)
  platform.logger.info({ url, site: config.site.url, role }, 'listening')
  return {
    url,
    logger: platform.logger,
    stop: async () => {
      stopping = true
      await closeServer(server, GRACE_MS)
      await features.stop()
      await closePlatform(platform, GRACE_MS)
    },
  }
}

function joinFeatures(
  platform: Platform,
  config: Config,
  allowedOrigins: Set<string>,
  address: { publicUrl: string },
) {
  const teams = createTeamsFeature(platform)
  const session = createSessionFeature({
    ...platform,
    siteId: config.site.id,
    service: config.site.service,
    teams: teams.service,
    allowedOrigins,
    publicUrl: () => address.publicUrl,
  })
  const settings = new SiteSettingsReader({
    ...platform,
    asService: (siteId) => session.access.asService(siteId),
  })
  const { STEWARD_MONTHLY_REQUESTS: requests, STEWARD_MONTHLY_BUDGET_USD: budgetUsd } =
    config.environment
  const billing = createBillingFeature({
    ...platform,
    plans: async (siteId, teamId) =>
      teamLimits(await settings.read(siteId), await teams.service.planOf(siteId, teamId), {
        requests,
        budgetUsd,
      }),
  })
  const ownProviders = providersFromEnvironment(config.environment)
  const gateway = createGatewayFeature({
    ...platform,
    spending: billing.spending,
    providers: async (siteId) => {
      const siteSettings = await settings.read(siteId)
      return [...(siteSettings ? providersFromSettings(siteSettings) : []), ...ownProviders]
    },
    cache: platform.state.cache,
    limiter: (name, points, seconds) => platform.state.limiter(name, points, seconds),
  })
  const api = new ApiRouter(
    { session: session.authenticate, api_key: gateway.authenticate },
    personLimit(
      platform.state.limiter('person', config.rateLimitPerMinute, 60),
      config.rateLimitPerMinute,
    ),
  )
  session.registerRoutes(api)
  gateway.registerRoutes(api)
  return {
    api,
    start: async () => {
      billing.start()
      gateway.start()
    },
    stop: async () => {
      await gateway.stop()
      await billing.stop()
    },
  }
}
