import type { Kysely, Transaction } from 'kysely'
import type { DatabaseSchema } from './schema.ts'

/** A transaction of one tenant: row-level security lets only its rows through. */
export type TenantTransaction = Transaction<DatabaseSchema> & { readonly __tenant: true }

/** A transaction that sees all tenants; each use names its reason, which is logged. */
export type SystemTransaction = Transaction<DatabaseSchema> & { readonly __system: true }

export interface Tenant {
  site_id: string
  /** Null before a team is chosen (session exchange): then only rows of the site without a team. */
  team_id: string | null
}

/** What stores get. Inside a transaction: no outbound I/O, no second connection. */
export interface Database {
  withTenant<T>(tenant: Tenant, run: (tx: TenantTransaction) => Promise<T>): Promise<T>
  withSystem<T>(reason: string, run: (tx: SystemTransaction) => Promise<T>): Promise<T>
  /** One statement in one round trip, a transaction of its own; a second one is refused. */
  tenantStatement<T>(tenant: Tenant, run: (tx: TenantTransaction) => Promise<T>): Promise<T>
  systemStatement<T>(reason: string, run: (tx: SystemTransaction) => Promise<T>): Promise<T>
  /** True when a trivial query answers in time; for `/readyz`. */
  ping(): Promise<boolean>
  close(): Promise<void>
}

/** A feature's tables: each feature names its own in its `tables.ts` and its migrations in `migrations/`. */
export interface MigrationFile {
  /** `2026-11-24-001-session`: sorts by time, never edited once landed. */
  name: string
  /** Tables with `site_id` and `team_id` get forced row-level security by `tenantTable(...)`. */
  up(db: Kysely<unknown>): Promise<void>
}
