import type { ColumnType } from 'kysely'

type Money = bigint
type Json<T> = ColumnType<T, string, string>

/** What a team (person `''`) or one person of it may use in one period, and what of it is gone. */
export interface QuotaLimitTable {
  site_id: string
  team_id: string
  person: string
  period_start: Date
  /** Null: no limit. */
  limit_requests: Money | null
  limit_nano_usd: Money | null
  used_requests: Money
  used_nano_usd: Money
  /** Leased and not used yet; used + held never exceeds the limit. */
  held_requests: Money
  held_nano_usd: Money
}

/** A block of one account's quota that one replica spends in memory. */
export interface LeaseTable {
  id: string
  site_id: string
  team_id: string
  person: string
  period_start: Date
  owner: string
  epoch: Money
  /** What is still held: granted less settled. */
  held_requests: Money
  held_nano_usd: Money
  state: 'open' | 'closed'
  expires_at: Date
}

/** One start: recorded before anything is sent upstream, settled with the real amount. */
export interface SpendTable {
  call_id: string
  site_id: string
  team_id: string
  person: string
  period_start: Date
  team_lease_id: string
  person_lease_id: string | null
  requests: Money
  max_nano_usd: Money
  actual_nano_usd: Money | null
  /** `presumed`: its replica is gone, it counts at its maximum until somebody knows better. */
  state: 'started' | 'settled' | 'presumed'
  note: Json<Record<string, unknown>>
  started_at: Date
  settled_at: Date | null
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    quota_limit: QuotaLimitTable
    lease: LeaseTable
    spend: SpendTable
  }
}
