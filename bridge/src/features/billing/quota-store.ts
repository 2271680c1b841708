import { sql } from 'kysely'
import type { SystemTransaction, TenantTransaction } from '../../platform/database/index.ts'

type Tx = SystemTransaction | TenantTransaction

/** One account of quota: a team's (person `''`) or one person's, in one period. */
export interface AccountKey {
  site_id: string
  team_id: string
  person: string
  period_start: Date
}

export interface Amounts {
  requests: bigint
  nano_usd: bigint
}

/**
 * Makes the account or brings its limits up to date; what is used and held stays. True when an
 * account that was there got other limits.
 */
export async function upsertAccount(
  tx: Tx,
  key: AccountKey,
  limits: { requests: bigint | null; nano_usd: bigint | null },
): Promise<boolean> {
  const { rows } = await sql<{ updated: boolean }>`insert into quota_limit
      (site_id, team_id, person, period_start, limit_requests, limit_nano_usd)
    values (${key.site_id}, ${key.team_id}, ${key.person}, ${key.period_start},
      ${limits.requests}, ${limits.nano_usd})
    on conflict (site_id, team_id, person, period_start) do update
      set limit_requests = excluded.limit_requests, limit_nano_usd = excluded.limit_nano_usd
      where (quota_limit.limit_requests, quota_limit.limit_nano_usd)
        is distinct from (excluded.limit_requests, excluded.limit_nano_usd)
    returning xmax <> 0 as updated`.execute(tx)
  return rows[0]?.updated ?? false
}

export interface NewReservation extends Amounts {
  id: string
  key: AccountKey
  /** All of these must have room, or nothing is held. */
  accounts: string[]
  purpose: string
  expires_at: Date
  created_at: Date
}

/**
 * Holds the amounts in every account, or in none, in one statement: the accounts are locked in one
 * order, judged on their newest values, raised, and the reservation row is written.
 */
export async function holdReservation(tx: Tx, wanted: NewReservation): Promise<boolean> {
  const { key } = wanted
  const result = await sql`
    with account as (
      select * from quota_limit
      where site_id = ${key.site_id} and team_id = ${key.team_id}
        and period_start = ${key.period_start} and person = any(${wanted.accounts}::text[])
      order by person for update
    ), verdict as (
      select count(*) = ${wanted.accounts.length} and bool_and(
        coalesce(used_requests + held_requests + ${wanted.requests}::bigint <= limit_requests, true)
        and coalesce(used_nano_usd + held_nano_usd + ${wanted.nano_usd}::bigint <= limit_nano_usd, true)
      ) as fits from account
    ), raised as (
      update quota_limit q
      set held_requests = q.held_requests + ${wanted.requests}::bigint,
        held_nano_usd = q.held_nano_usd + ${wanted.nano_usd}::bigint
      from verdict
      where verdict.fits and q.site_id = ${key.site_id} and q.team_id = ${key.team_id}
        and q.period_start = ${key.period_start} and q.person = any(${wanted.accounts}::text[])
    )
    insert into reservation (id, site_id, team_id, person, period_start, accounts, purpose,
      requests, nano_usd, state, expires_at, created_at)
    select ${wanted.id}, ${key.site_id}, ${key.team_id}, ${key.person}, ${key.period_start},
      ${JSON.stringify(wanted.accounts)}::jsonb, ${wanted.purpose}, ${wanted.requests}::bigint,
      ${wanted.nano_usd}::bigint, 'held', ${wanted.expires_at}, ${wanted.created_at}
    from verdict where fits
    returning id`.execute(tx)
  return result.rows.length === 1
}

/**
 * Ends a held reservation once: what was really used moves from held to used, the rest is free
 * again. False when it was ended before, so a repeat changes nothing.
 */
export async function endReservation(
  tx: Tx,
  id: string,
  state: 'confirmed' | 'released' | 'expired',
  used: Amounts | 'as_reserved' | 'nothing',
): Promise<boolean> {
  const [requests, money] =
    used === 'as_reserved'
      ? [sql`ended.requests`, sql`ended.nano_usd`]
      : used === 'nothing'
        ? [sql`0::bigint`, sql`0::bigint`]
        : [sql`${used.requests}::bigint`, sql`${used.nano_usd}::bigint`]
  const result = await sql`
    with ended as (
      update reservation set state = ${state} where id = ${id} and state = 'held' returning *
    ), moved as (
      update quota_limit q
      set held_requests = q.held_requests - ended.requests,
        held_nano_usd = q.held_nano_usd - ended.nano_usd,
        used_requests = q.used_requests + ${requests}, used_nano_usd = q.used_nano_usd + ${money}
      from ended
      where q.site_id = ended.site_id and q.team_id = ended.team_id
        and q.period_start = ended.period_start and ended.accounts ? q.person
    )
    select id from ended`.execute(tx)
  return result.rows.length === 1
}

/** Ids of reservations that nobody ended in time. */
export async function expiredReservations(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('reservation')
    .select('id')
    .where('state', '=', 'held')
    .where('expires_at', '<', now)
    .limit(500)
    .execute()
  return rows.map((row) => row.id)
}

/** The accounts of a team in one period, the team's own first. */
export async function readAccounts(tx: Tx, key: Omit<AccountKey, 'person'>) {
  return tx
    .selectFrom('quota_limit')
    .selectAll()
    .where('site_id', '=', key.site_id)
    .where('team_id', '=', key.team_id)
    .where('period_start', '=', key.period_start)
    .orderBy('person')
    .execute()
}
