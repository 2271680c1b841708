import type { ApiRouter } from '../../http/index.ts'
import { auditMigration } from '../../platform/audit/index.ts'
import type { Fanout } from '../../platform/cache/index.ts'
import type { Database, MigrationFile } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { billingTables } from './migrations/2026-11-24-020-billing.ts'
import { withoutReservations } from './migrations/2026-11-24-021-without-reservations.ts'
import type { Plans } from './plan.ts'
import { QuotaAccounts } from './quota-accounts.ts'
import { registerQuotaRoutes } from './quota-routes.ts'
import type { AccountKey } from './quota-store.ts'
import type { OwnUse } from './quota-view.ts'
import { LeasedSpending, type SpendingOptions } from './spending-service.ts'
import type { Spending } from './spending.ts'

export type { PlanLimits, Plans } from './plan.ts'
export type { Spending } from './spending.ts'

export interface BillingPorts {
  database: Database
  plans: Plans
  /** Between replicas: for asking each other for quota that is not needed. */
  fanout: Fanout
  clock: Clock
  ids: Ids
  logger: Logger
  /** Names this process among the replicas. */
  replica: string
  /** Overrides of the lease terms, for tests. */
  leases?: Partial<SpendingOptions>
}

export interface BillingFeature {
  spending: Spending
  migrations: MigrationFile[]
  /** `ownUse`: what a person used, for plans that cap no person and so keep no account of theirs. */
  registerRoutes(api: ApiRouter, ownUse: OwnUse): void
  /** Begins the upkeep of leases. */
  start(): void
  stop(): Promise<void>
}

export const billingMigrations: MigrationFile[] = [
  auditMigration,
  billingTables,
  withoutReservations,
]

const RETURN_MS = 500
/** Every so many returns the rest of the upkeep is due too. */
const UPKEEP_EVERY = 4

export function createBillingFeature(ports: BillingPorts): BillingFeature {
  const accounts = new QuotaAccounts(ports.database, ports.plans)
  const spending = new LeasedSpending({ ...ports, accounts }, leaseOptions(ports))
  let timer: NodeJS.Timeout | null = null
  let upkeep: Promise<unknown> = Promise.resolve()
  let beat = 0
  return {
    spending,
    migrations: billingMigrations,
    registerRoutes: (api, ownUse) => {
      const freeOf = (key: AccountKey) => spending.freeOf(key)
      registerQuotaRoutes(api, { ...ports, accounts, freeOf, ownUse })
    },
    start: () => {
      timer ??= setInterval(() => {
        // Upkeep that fails (database away) is simply due again at the next beat.
        beat += 1
        const whole = beat % UPKEEP_EVERY === 0
        upkeep = Promise.allSettled([whole ? spending.maintain() : spending.returnIdle()])
      }, RETURN_MS).unref()
    },
    stop: async () => {
      if (timer) clearInterval(timer)
      await upkeep
      await spending.stop()
    },
  }
}

function leaseOptions(ports: BillingPorts): SpendingOptions {
  return {
    owner: ports.replica,
    term_ms: 5 * 60_000,
    clock_margin_ms: 5_000,
    // Ten dollars or a thousand requests: one top-up serves many calls.
    block: { requests: 1_000n, nano_usd: 10_000_000_000n },
    // A pause this short is enough: near the limit another replica may need the rest.
    idle_ms: 1_000,
    settle_delay_ms: 1_000,
    prepare_from: 8,
    ...ports.leases,
  }
}
