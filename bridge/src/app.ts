import { createServer } from 'node:http'
import type { Config } from './config/index.ts'
import {
  assistantMigrations,
  createAssistantFeature,
  createLocalPlanner,
  createRouter,
} from './features/assistant/index.ts'
import { billingMigrations, createBillingFeature } from './features/billing/index.ts'
import {
  createDataRules,
  createGatewayFeature,
  gatewayMigrations,
  providersFromEnvironment,
  providersFromSettings,
} from './features/gateway/index.ts'
import { createPrivacyFeature, privacyMigrations } from './features/privacy/index.ts'
import { createSessionFeature, sessionMigrations } from './features/session/index.ts'
import { auditSettings, SiteSettingsReader, teamLimits } from './features/settings/index.ts'
import { createTeamsFeature, teamMigrations } from './features/teams/index.ts'
import {
  ApiRouter,
  closeServer,
  createHttpApp,
  idempotencyKeys,
  KeptAnswers,
  listen,
  personLimit,
} from './http/index.ts'
import {
  closePlatform,
  openPlatform,
  platformProblems,
  type Platform,
  type PlatformOverrides,
} from './open-platform.ts'
import type { Logger } from './platform/telemetry/index.ts'
import { StewardError } from './shared/errors.ts'
import { STEWARD_METHODS } from './shared/site-protocol.ts'
import { defineUpkeep, startBeat } from './upkeep.ts'
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
const ONE_REQUEST = { requests: 1, max_nano_usd: 0n } as const
const MIGRATIONS = [
  idempotencyKeys,
  ...teamMigrations,
  ...sessionMigrations,
  ...billingMigrations,
  ...gatewayMigrations,
  ...assistantMigrations,
  ...privacyMigrations,
]

/** The one composition root: opens the platform, joins the features, listens. */
export async function startApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const role = overrides.role ?? 'all'
  const platform = await openPlatform(config, MIGRATIONS, overrides)
  const origins = new Set([new URL(config.site.publicUrl).origin, ...config.allowedOrigins])
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
      // Streams end as their requests do, so both are given the same time.
      await Promise.all([closeServer(server, GRACE_MS), features.finishRequests()])
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
    fanout: platform.state.fanout,
    siteId: config.site.id,
    service: config.site.service,
    teams: teams.service,
    allowedOrigins,
    publicUrl: () => address.publicUrl,
  })
  const settings = new SiteSettingsReader({
    ...platform,
    asService: (siteId) => session.access.asService(siteId),
    onChange: (siteId, changed) =>
      auditSettings(
        { ...platform, teamOf: (site) => teams.service.defaultTeam(site) },
        siteId,
        changed,
      ),
  })
  const { STEWARD_MONTHLY_REQUESTS: requests, STEWARD_MONTHLY_BUDGET_USD: budgetUsd } =
    config.environment
  const billing = createBillingFeature({
    ...platform,
    fanout: platform.state.fanout,
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
      const own = ownProviders.map((provider) => ({
        ...provider,
        withheld: siteSettings?.masked_fields ?? [],
      }))
      return [...(siteSettings ? providersFromSettings(siteSettings) : []), ...own]
    },
    cache: platform.state.cache,
    limiter: (name, points, seconds) => platform.state.limiter(name, points, seconds),
  })
  const kept = new KeptAnswers(platform)
  const api = new ApiRouter(
    { session: session.authenticate, api_key: gateway.authenticate },
    personLimit(
      platform.state.limiter('person', config.rateLimitPerMinute, 60),
      config.rateLimitPerMinute,
    ),
    kept,
  )
  session.registerRoutes(api)
  createPrivacyFeature(platform).registerRoutes(api)
  gateway.registerRoutes(api)
  const assistant = createAssistantFeature({
    ...platform,
    cache: platform.state.cache,
    fanout: platform.state.fanout,
    sites: session.access,
    people: session.access,
    router: createRouter(platform),
    planner: createLocalPlanner(),
    gateway: gateway.gateway,
    masking: {
      rules: async (siteId) => {
        const siteSettings = await settings.read(siteId)
        const withheld =
          siteSettings?.providers.flatMap((provider) => provider.withheld ?? []) ?? []
        return createDataRules([...(siteSettings?.masked_fields ?? []), ...withheld])
      },
    },
    quota: {
      begin: async ({ site_id, team_id, person }, request_id) => {
        const held = await billing.spending.begin({
          ...{ site_id, team_id, person },
          ...ONE_REQUEST,
          longest_ms: config.requestDeadlineMs,
          note: { purpose: 'request', request_id },
        })
        return { settle: (counts) => held.settle({ requests: counts ? 1 : 0, nano_usd: 0n }) }
      },
    },
    publisher: {
      upsert: async (siteId, doctype, records) => {
        const service = await session.access.asService(siteId)
        if (!service) {
          throw new StewardError(
            'misconfigured',
            'There is no service user to publish requests with.',
          )
        }
        await service.call(STEWARD_METHODS.publish, { doctype, records })
      },
    },
    processId: platform.replica,
    onlyProcess: platform.database.embedded,
    deadlineMs: config.requestDeadlineMs,
  })
  assistant.registerRoutes(api)
  billing.registerRoutes(api, async (spender, from) => {
    const [asked, { keyed_requests, nano_usd }] = await Promise.all([
      assistant.countedRequests(spender, from),
      gateway.usedBy(spender, from),
    ])
    return { requests: BigInt(asked + keyed_requests), nano_usd }
  })
  defineUpkeep(platform, assistant, kept, config.site.service !== null)
  let endBeat: (() => void) | undefined
  return {
    api,
    start: async () => {
      billing.start()
      gateway.start()
      await assistant.recover()
      endBeat = startBeat(platform, assistant)
    },
    finishRequests: () => assistant.stop(GRACE_MS),
    stop: async () => {
      endBeat?.()
      await gateway.stop()
      await billing.stop()
    },
  }
}
