import { sql } from 'kysely'
import type { SystemTransaction } from '../../platform/database/index.ts'

/** A start as it is recorded before anything is sent upstream. */
export interface SpendStart {
  call_id: string
  site_id: string
  team_id: string
  person: string
  period_start: Date
  team_lease_id: string
  person_lease_id: string | null
  requests: bigint
  max_nano_usd: bigint
  note: Record<string, unknown>
  started_at: Date
}

export interface SpendEnd {
  call_id: string
  /** The leases that hold it, for locking them in order. */
  lease_ids: string[]
  requests: bigint
  actual_nano_usd: bigint
  settled_at: Date
}

/**
 * Records starts whose leases still hold; answers the call ids recorded. A call id that was
 * recorded before is not recorded again.
 */
export async function recordStarts(
  tx: SystemTransaction,
  starts: SpendStart[],
  now: Date,
): Promise<Set<string>> {
  const result = await sql<{ call_id: string }>`
    with incoming as (
      select * from unnest(${column(starts, 'call_id')}::text[], ${column(starts, 'site_id')}::text[],
        ${column(starts, 'team_id')}::text[], ${column(starts, 'person')}::text[],
        ${column(starts, 'period_start')}::timestamptz[], ${column(starts, 'team_lease_id')}::text[],
        ${column(starts, 'person_lease_id')}::text[], ${column(starts, 'requests')}::bigint[],
        ${column(starts, 'max_nano_usd')}::bigint[],
        ${starts.map(({ note }) => JSON.stringify(note))}::jsonb[],
        ${column(starts, 'started_at')}::timestamptz[]) as start(call_id, site_id, team_id, person,
        period_start, team_lease_id, person_lease_id, requests, max_nano_usd, note, started_at)
    ), live as (
      select id from lease where id = any(${leaseIds(starts)}::text[])
        and state = 'open' and expires_at > ${now} for share
    )
    insert into spend (call_id, site_id, team_id, person, period_start, team_lease_id,
      person_lease_id, requests, max_nano_usd, state, note, started_at)
    select call_id, site_id, team_id, person, period_start, team_lease_id, person_lease_id,
      requests, max_nano_usd, 'started', note, started_at
    from incoming
    where team_lease_id in (select id from live)
      and (person_lease_id is null or person_lease_id in (select id from live))
    on conflict (call_id) do nothing
    returning call_id`.execute(tx)
  return new Set(result.rows.map((row) => row.call_id))
}

/**
 * Settles starts once each, whatever order or number of times the ends arrive: used grows by the
 * real amount and what was held for it shrinks. A start that was presumed spent is corrected.
 */
export async function recordEnds(tx: SystemTransaction, ends: SpendEnd[]): Promise<void> {
  await sql`
    with incoming as (
      select distinct on (call_id) * from unnest(${column(ends, 'call_id')}::text[],
        ${column(ends, 'requests')}::bigint[], ${column(ends, 'actual_nano_usd')}::bigint[],
        ${column(ends, 'settled_at')}::timestamptz[])
        as finish(call_id, requests, actual_nano_usd, settled_at)
    ), before as (
      select spend.* from spend join incoming using (call_id)
      where spend.state in ('started', 'presumed') order by call_id for update of spend
    ), settled as (
      update spend set state = 'settled', requests = incoming.requests,
        actual_nano_usd = incoming.actual_nano_usd, settled_at = incoming.settled_at
      from incoming, before
      where spend.call_id = incoming.call_id and before.call_id = incoming.call_id
    ), change as (
      select before.site_id, before.team_id, account.person, before.period_start, account.lease_id,
        lease.state = 'open' as leased, before.requests as held_requests, before.max_nano_usd as held_nano_usd,
        incoming.requests, incoming.actual_nano_usd as nano_usd
      from before join incoming using (call_id)
      cross join lateral (values ('', before.team_lease_id),
        (before.person, before.person_lease_id)) as account(person, lease_id)
      join lease on lease.id = account.lease_id
    ), cut as (
      update lease set held_requests = lease.held_requests - sums.requests,
        held_nano_usd = lease.held_nano_usd - sums.nano_usd
      from (select lease_id, sum(least(requests, held_requests))::bigint as requests,
          sum(least(nano_usd, held_nano_usd))::bigint as nano_usd
        from change where leased group by lease_id) as sums
      where lease.id = sums.lease_id
    )
    update quota_limit q set
      used_requests = q.used_requests + sums.used_requests,
      used_nano_usd = q.used_nano_usd + sums.used_nano_usd,
      held_requests = q.held_requests - sums.freed_requests,
      held_nano_usd = q.held_nano_usd - sums.freed_nano_usd
    from (select site_id, team_id, person, period_start,
        sum(case when leased then requests else requests - held_requests end)::bigint as used_requests,
        sum(case when leased then nano_usd else nano_usd - held_nano_usd end)::bigint as used_nano_usd,
        sum(case when leased then least(requests, held_requests) else 0 end)::bigint as freed_requests,
        sum(case when leased then least(nano_usd, held_nano_usd) else 0 end)::bigint as freed_nano_usd
      from change group by site_id, team_id, person, period_start) as sums
    where q.site_id = sums.site_id and q.team_id = sums.team_id and q.person = sums.person
      and q.period_start = sums.period_start`.execute(tx)
}

/** Starts of replicas that are gone, for whoever reconciles them with the provider's own figures. */
export async function unsettledStarts(tx: SystemTransaction, before: Date) {
  return tx
    .selectFrom('spend')
    .innerJoin('lease', 'lease.id', 'spend.team_lease_id')
    .where('spend.state', '=', 'started')
    .where('lease.state', '=', 'closed')
    .where('spend.started_at', '<', before)
    .select([
      'spend.call_id',
      'spend.site_id',
      'spend.team_id',
      'spend.person',
      'spend.max_nano_usd',
      'spend.note',
      'spend.started_at',
    ])
    .limit(500)
    .execute()
}

function leaseIds(starts: SpendStart[]): string[] {
  return [...new Set(starts.flatMap((start) => [start.team_lease_id, start.person_lease_id ?? '']))]
}

/** One column of many rows, as the array a statement unnests. */
function column<T, K extends keyof T>(rows: T[], name: K): T[K][] {
  return rows.map((row) => row[name])
}
