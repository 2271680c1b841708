import type { ApiRouter, Authenticator } from '../../http/index.ts'
import { auditMigration } from '../../platform/audit/index.ts'
import type { Database, MigrationFile } from '../../platform/database/index.ts'
import type { ModelPort, PriceBook } from '../../platform/models/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { ApiKeys, type LimiterSource } from './api-key-service.ts'
import { registerChatRoutes } from './chat-routes.ts'
import { LatencyBoard } from './latency-board.ts'
import { Ledger } from './ledger.ts'
import { recordLostCalls } from './lost-calls.ts'
import { gatewayTables } from './migrations/2026-11-24-021-gateway.ts'
import { createModelGateway, type GatewayOptions, type ModelGateway } from './model-gateway.ts'
import type { SpendingPort } from './ports.ts'
import type { ProviderSource } from './providers.ts'
import { RestBoard, type SharedCache } from './rest-board.ts'
import { RouteHistory } from './route-history.ts'
import { registerModelCallRoutes } from './model-calls-routes.ts'
import { registerKeyRoutes, registerProviderTest } from './settings-routes.ts'
import { registerUsageRoutes } from './usage-routes.ts'
import { usedBy } from './usage-store.ts'

export { createDataRules } from './data-rules.ts'
export type { GatewayOptions, ModelGateway } from './model-gateway.ts'
export {
  providersFromEnvironment,
  providersFromSettings,
  type GatewayProvider,
  type ProviderSource,
} from './providers.ts'

export interface GatewayFeaturePorts {
  database: Database
  models: ModelPort
  prices: PriceBook
  spending: SpendingPort
  providers: ProviderSource
  cache: SharedCache
  limiter: LimiterSource
  clock: Clock
  ids: Ids
  logger: Logger
  options?: Partial<GatewayOptions>
}

export interface GatewayFeature {
  gateway: ModelGateway
  /** Checks team API keys, for the ApiRouter. */
  authenticate: Authenticator
  registerRoutes(api: ApiRouter): void
  /** What a person used since `from`, whatever the plan caps. */
  usedBy(
    person: { site_id: string; team_id: string; person: string },
    from: Date,
  ): Promise<{ keyed_requests: number; nano_usd: bigint }>
  migrations: MigrationFile[]
  start(): void
  /** Writes what is pending; call it before billing stops. */
  stop(): Promise<void>
}

export const gatewayMigrations: MigrationFile[] = [auditMigration, gatewayTables]

const DEFAULT_OPTIONS: GatewayOptions = {
  deadlines: { total_ms: 120_000, first_token_ms: 20_000, between_tokens_ms: 20_000 },
  patience_ms: 5_000,
  attempts: 4,
  hedge_after_ms: null,
}
const LEDGER_DELAY_MS = 1_000
const LOST_CALLS_EVERY_MS = 60_000

export function createGatewayFeature(ports: GatewayFeaturePorts): GatewayFeature {
  const ledger = new Ledger(ports.database, ports.logger, LEDGER_DELAY_MS)
  const keys = new ApiKeys(ports)
  const gateway = createModelGateway(
    {
      ...ports,
      ledger,
      rests: new RestBoard(ports.cache, ports.clock),
      latencies: new LatencyBoard(),
      history: new RouteHistory(),
    },
    { ...DEFAULT_OPTIONS, ...ports.options },
  )
  let timer: NodeJS.Timeout | null = null
  let upkeep: Promise<unknown> = Promise.resolve()
  return {
    gateway,
    authenticate: (req) => keys.authenticate(req.headers.authorization),
    migrations: gatewayMigrations,
    registerRoutes: (api) => {
      registerChatRoutes(api, { ...ports, gateway })
      registerUsageRoutes(api, { ...ports, ledger })
      registerModelCallRoutes(api, { ...ports, ledger })
      registerKeyRoutes(api, keys)
      registerProviderTest(api, ports.models)
    },
    usedBy: async (person, from) => {
      await ledger.flush()
      return ports.database.tenantStatement(person, (tx) => usedBy(tx, person.person, from))
    },
    start: () => {
      timer ??= setInterval(() => {
        // Upkeep that fails (database away) is simply due again at the next beat.
        upkeep = recordLostCalls(ports.spending, ledger, ports.clock.now()).catch(() => 0)
      }, LOST_CALLS_EVERY_MS).unref()
    },
    stop: async () => {
      if (timer) clearInterval(timer)
      await upkeep
      await ledger.flush()
    },
  }
}
