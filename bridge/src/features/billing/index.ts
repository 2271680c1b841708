import type { ApiRouter } from '../../http/index.ts'
import { auditMigration } from '../../platform/audit/index.ts'
import type { Database, MigrationFile } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { billingTables } from './migrations/2026-11-24-020-billing.ts'
import type { Plans } from './plan.ts'
import { QuotaAccounts } from './quota-accounts.ts'
import { registerQuotaRoutes } from './quota-routes.ts'
import type { AccountKey } from './quota-store.ts'
import { createReservations, type Reservations } from './reservation-service.ts'
import { LeasedSpending, type SpendingOptions } from './spending-service.ts'
import type { Spending } from './spending.ts'

export type { PlanLimits, Plans } from './plan.ts'
export type { Reservations } from './reservation-service.ts'
export type { Spending } from './spending.ts'

export interface BillingPorts {
  database: Database
  plans: Plans
  clock: Clock
  ids: Ids
  /** Names this process among the replicas. */
  replica: string
  /** Overrides of the lease terms, for tests. */
  leases?: Partial<SpendingOptions>
}

export interface BillingFeature {
  reservations: Reservations
  spending: Spending
  migrations: MigrationFile[]
  registerRoutes(api: ApiRouter): void
  /** Begins the upkeep of leases and reservations. */
  start(): void
  stop(): Promise<void>
}

export const billingMigrations: MigrationFile[] = [auditMigration, billingTables]

const UPKEEP_MS = 2_000

export function createBillingFeature(ports: BillingPorts): BillingFeature {
  const accounts = new QuotaAccounts(ports.database, ports.plans)
  const spending = new LeasedSpending({ ...ports, accounts }, leaseOptions(ports))
  const reservations = createReservations({ ...ports, accounts })
  let timer: NodeJS.Timeout | null = null
  let upkeep: Promise<unknown> = Promise.resolve()
  return {
    reservations,
    spending,
    migrations: billingMigrations,
    registerRoutes: (api) => {
      const freeOf = (key: AccountKey) => spending.freeOf(key)
      registerQuotaRoutes(api, { ...ports, accounts, freeOf })
    },
    start: () => {
      timer ??= setInterval(() => {
        // Upkeep that fails (database away) is simply due again at the next beat.
        upkeep = Promise.allSettled([spending.maintain(), reservations.expire()])
      }, UPKEEP_MS).unref()
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
    idle_ms: 3_000,
    settle_delay_ms: 400,
    prepare_from: 8,
    ...ports.leases,
  }
}
