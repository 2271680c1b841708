import { createServer } from 'node:http'
import {
  billingMigrations,
  createBillingFeature,
  type PlanLimits,
} from '../src/features/billing/index.ts'
import {
  createGatewayFeature,
  gatewayMigrations,
  type GatewayFeature,
  type GatewayOptions,
  type GatewayProvider,
} from '../src/features/gateway/index.ts'
import {
  ApiRouter,
  closeServer,
  createHttpApp,
  listen,
  type AuthContext,
} from '../src/http/index.ts'
import { openSharedState } from '../src/platform/cache/index.ts'
import { openDatabase, type OpenDatabase } from '../src/platform/database/index.ts'
import { createModels, createPriceBook } from '../src/platform/models/index.ts'
import { createLogger, createMetrics } from '../src/platform/telemetry/index.ts'
import { systemClock } from '../src/shared/clock.ts'
import { randomIds } from '../src/shared/ids.ts'

export interface StackOptions {
  providers: GatewayProvider[]
  plan?: Partial<PlanLimits>
  options?: Partial<GatewayOptions>
  /** An open database to use; otherwise a temporary one is made. */
  database?: OpenDatabase
  /** Dollars per million tokens of the mock models. */
  ceiling?: number | null
  requests_per_minute?: number
  allow_private?: boolean
}

export interface GatewayStack {
  url: string
  token: string
  auth: AuthContext
  feature: GatewayFeature
  database: OpenDatabase
  /** Ends what is pending, so that the ledger can be read. */
  settle(): Promise<void>
  close(): Promise<void>
}

export function openGatewayDatabase(): Promise<OpenDatabase> {
  return openDatabase({
    url: process.env['STEWARD_TEST_DATABASE_URL'] ?? null,
    migrationUrl: null,
    dataFolder: null,
    migrations: [...billingMigrations, ...gatewayMigrations],
  })
}

/** The gateway on a listening server with a real database, quota, ledger and a team API key. */
export async function startGatewayStack(stack: StackOptions): Promise<GatewayStack> {
  const database = stack.database ?? (await openGatewayDatabase())
  const state = openSharedState(null, systemClock)
  const models = createModels({ allow_private_endpoints: stack.allow_private ?? true })
  const base = { database, clock: systemClock, ids: randomIds, logger: stackLogger() }
  const plan = planOf(stack.plan)
  const { fanout } = state
  const plans = async () => plan
  const billing = createBillingFeature({ ...base, plans, fanout, replica: 'stack' })
  const feature = createGatewayFeature({
    ...base,
    models,
    prices: createPriceBook({
      ceiling_usd_per_million: stack.ceiling === undefined ? 10 : stack.ceiling,
    }),
    spending: billing.spending,
    providers: async () => stack.providers,
    cache: state.cache,
    limiter: state.limiter,
    ...(stack.options ? { options: stack.options } : {}),
  })
  const auth: AuthContext = {
    kind: 'session',
    site_id: 'site_bench',
    team_id: randomIds.next('team'),
    person: 'someone@example.com',
    role: 'admin',
    credential_id: 'ses_1',
    scopes: null,
  }
  const api = new ApiRouter(
    { session: async () => auth, api_key: feature.authenticate },
    async () => undefined,
  )
  feature.registerRoutes(api)
  const server = createServer(httpApp(api))
  const url = await listen(server, 0, '127.0.0.1')
  billing.start()
  const token = await makeKey(url, stack.requests_per_minute ?? 10_000)
  return {
    url,
    token,
    auth,
    feature,
    database,
    settle: async () => {
      await feature.stop()
      await billing.spending.maintain()
    },
    close: async () => {
      await closeServer(server, 100)
      await feature.stop()
      await billing.stop()
      await models.close()
      await state.close()
      if (!stack.database) await database.close()
    },
  }
}

const stackLogger = () => createLogger(process.env['STEWARD_LOG_LEVEL'] ?? 'silent')

function httpApp(api: ApiRouter) {
  return createHttpApp({
    api,
    version: '0',
    logger: stackLogger(),
    metrics: createMetrics(),
    allowedOrigins: new Set(),
    readiness: async () => [],
  })
}

function planOf(changes: Partial<PlanLimits> = {}): PlanLimits {
  return {
    period: 'month',
    requests: 10_000_000,
    model_nano_usd: 1_000_000_000_000n,
    person_requests: null,
    person_model_nano_usd: null,
    ...changes,
  }
}

async function makeKey(url: string, perMinute: number): Promise<string> {
  const answer = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', requests_per_minute: perMinute }),
  })
  if (answer.status !== 201) throw new Error(`No key: ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}

/** A provider at a mock upstream. */
export function mockProvider(name: string, baseUrl: string, priority: number): GatewayProvider {
  return {
    connection: { name, kind: 'openai_compatible', base_url: baseUrl, api_key: 'sk-mock' },
    small_models: ['mock-1'],
    large_models: ['mock-1'],
    priority,
  }
}
