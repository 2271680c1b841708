import { sql } from 'kysely'
import type { SystemTransaction } from '../../platform/database/index.ts'
import type { AccountKey, Amounts } from './quota-store.ts'

export interface LeaseRequest {
  id: string
  key: AccountKey
  owner: string
  epoch: bigint
  /** Less than this is of no use. */
  need: Amounts
  /** More than this is not taken at once. */
  block: Amounts
  now: Date
  expires_at: Date
}

/**
 * Takes a block out of an account's room and puts it on the lease, or takes nothing; one statement.
 * A block is an eighth of the room, at least the need, so that replicas leave each other something.
 * Null when the need has no room; `closed` when the lease was taken back meanwhile. The lease is
 * locked before its account, as everywhere: the other way round two of them wait for each other.
 */
export async function topUpLease(
  tx: SystemTransaction,
  wanted: LeaseRequest,
): Promise<Amounts | null | 'closed'> {
  const { key, need, block } = wanted
  const result = await sql<{ requests: bigint | null; nano_usd: bigint | null; closed: boolean }>`
    with known as (
      select state, expires_at from lease where id = ${wanted.id} for update
    ), lost as (
      select exists(select 1 from known
        where state <> 'open' or expires_at <= ${wanted.now}) as closed
    ), account as (
      select coalesce(limit_requests - used_requests - held_requests, ${block.requests}::bigint) as room_requests,
        coalesce(limit_nano_usd - used_nano_usd - held_nano_usd, ${block.nano_usd}::bigint) as room_nano_usd
      from quota_limit
      where site_id = ${key.site_id} and team_id = ${key.team_id} and person = ${key.person}
        and period_start = ${key.period_start} and not (select closed from lost) for update
    ), portion as (
      select
        greatest(${need.requests}::bigint, least(${block.requests}::bigint, room_requests / 8)) as requests,
        greatest(${need.nano_usd}::bigint, least(${block.nano_usd}::bigint, room_nano_usd / 8)) as nano_usd
      from account
      where (${need.requests}::bigint = 0 or room_requests >= ${need.requests}::bigint)
        and (${need.nano_usd}::bigint = 0 or room_nano_usd >= ${need.nano_usd}::bigint)
    ), granted as (
      select greatest(requests, 0) as requests, greatest(nano_usd, 0) as nano_usd from portion
    ), held as (
      update quota_limit q set held_requests = q.held_requests + granted.requests,
        held_nano_usd = q.held_nano_usd + granted.nano_usd
      from granted
      where q.site_id = ${key.site_id} and q.team_id = ${key.team_id} and q.person = ${key.person}
        and q.period_start = ${key.period_start}
    ), leased as (
      insert into lease (id, site_id, team_id, person, period_start, owner, epoch,
        held_requests, held_nano_usd, state, expires_at)
      select ${wanted.id}, ${key.site_id}, ${key.team_id}, ${key.person}, ${key.period_start},
        ${wanted.owner}, ${wanted.epoch}::bigint, requests, nano_usd, 'open', ${wanted.expires_at}
      from granted
      on conflict (id) do update set held_requests = lease.held_requests + excluded.held_requests,
        held_nano_usd = lease.held_nano_usd + excluded.held_nano_usd,
        expires_at = greatest(lease.expires_at, excluded.expires_at)
    )
    select lost.closed, granted.requests, granted.nano_usd from lost left join granted on true`.execute(
    tx,
  )
  const row = result.rows[0]
  if (!row || row.closed) return 'closed'
  if (row.requests === null || row.nano_usd === null) return null
  return { requests: row.requests, nano_usd: row.nano_usd }
}

/** What other processes hold of an account in leases that still run and have promised to no call. */
export async function idleElsewhere(
  tx: SystemTransaction,
  key: AccountKey,
  owner: string,
  now: Date,
): Promise<Amounts> {
  const result = await sql<Amounts>`
    select coalesce(sum(lease.held_requests - started.requests), 0)::bigint as requests,
      coalesce(sum(lease.held_nano_usd - started.nano_usd), 0)::bigint as nano_usd
    from lease, lateral (
      select coalesce(sum(requests), 0) as requests, coalesce(sum(max_nano_usd), 0) as nano_usd
      from spend where state = 'started' and (team_lease_id = lease.id or person_lease_id = lease.id)
    ) as started
    where lease.site_id = ${key.site_id} and lease.team_id = ${key.team_id}
      and lease.person = ${key.person} and lease.period_start = ${key.period_start}
      and lease.state = 'open' and lease.expires_at > ${now} and lease.owner <> ${owner}`.execute(
    tx,
  )
  return result.rows[0] ?? { requests: 0n, nano_usd: 0n }
}

/** Locks a lease against being taken back; the first statement of what adds to or cuts it. */
export async function lockLeases(tx: SystemTransaction, ids: string[]): Promise<void> {
  await sql`select id from lease where id = any(${ids}::text[]) order by id for update`.execute(tx)
}

/** Gives the unused part of an open lease back to its account. */
export async function trimLease(tx: SystemTransaction, id: string, free: Amounts): Promise<void> {
  await sql`
    with cut as (
      update lease set held_requests = held_requests - ${free.requests}::bigint,
        held_nano_usd = held_nano_usd - ${free.nano_usd}::bigint
      where id = ${id} and state = 'open' returning *
    )
    update quota_limit q set held_requests = q.held_requests - ${free.requests}::bigint,
      held_nano_usd = q.held_nano_usd - ${free.nano_usd}::bigint
    from cut
    where q.site_id = cut.site_id and q.team_id = cut.team_id and q.person = cut.person
      and q.period_start = cut.period_start`.execute(tx)
}

/**
 * Takes back leases whose replica let them expire. What was started and never settled counts at its
 * maximum; only the rest is free again. Returns how many leases were taken back.
 */
export async function reclaimLeases(tx: SystemTransaction, now: Date): Promise<number> {
  const expired = await sql<{ id: string }>`
    select id from lease where state = 'open' and expires_at < ${now}
    order by id limit 100 for update skip locked`.execute(tx)
  for (const { id } of expired.rows) await closeLease(tx, id)
  return expired.rows.length
}

async function closeLease(tx: SystemTransaction, id: string): Promise<void> {
  await sql`
    with closed as (
      update lease set state = 'closed' where id = ${id} and state = 'open' returning *
    ), started as (
      select coalesce(sum(requests), 0)::bigint as requests,
        coalesce(sum(max_nano_usd), 0)::bigint as nano_usd
      from spend where state = 'started' and (team_lease_id = ${id} or person_lease_id = ${id})
    )
    update quota_limit q set held_requests = q.held_requests - closed.held_requests,
      held_nano_usd = q.held_nano_usd - closed.held_nano_usd,
      used_requests = q.used_requests + started.requests,
      used_nano_usd = q.used_nano_usd + started.nano_usd
    from closed, started
    where q.site_id = closed.site_id and q.team_id = closed.team_id and q.person = closed.person
      and q.period_start = closed.period_start`.execute(tx)
}
