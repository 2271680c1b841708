import { sql } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import type { StreamKey } from './event-hub.ts'

/**
 * Stores events that follow number `after` without a gap. False when the request's events have
 * moved on without this writer, or another process took the request over: nothing is stored then.
 */
export async function storeEvents(
  tx: TenantTransaction,
  key: StreamKey,
  after: number,
  events: RequestEvent[],
  runnerId: string | null,
): Promise<boolean> {
  const last = events.at(-1)?.seq ?? after
  const claimed = await tx
    .with('claim', (cte) => {
      const claim = cte
        .updateTable('request')
        .set({ event_count: last })
        .where('id', '=', key.request_id)
        .where('event_count', '=', after)
        .returning('id')
      return runnerId ? claim.where('runner_id', '=', runnerId) : claim
    })
    .with('added', (cte) =>
      cte
        .insertInto('request_event')
        .columns(['site_id', 'team_id', 'request_id', 'seq', 'event'])
        .expression(claimedRows(key, events)),
    )
    .selectFrom('claim')
    .select('id')
    .executeTakeFirst()
  return claimed !== undefined
}

/** The events as rows, none of them when the claim failed. */
function claimedRows(key: StreamKey, events: RequestEvent[]) {
  const numbers = events.map((event) => event.seq)
  const bodies = events.map((event) => JSON.stringify(event))
  return sql`select ${key.site_id}::text, ${key.team_id}::text, claim.id, item.seq, item.event
    from claim, unnest(${numbers}::int[], ${bodies}::jsonb[]) as item (seq, event)`
}

/** The number the next event follows; locks the request until the transaction ends. */
export async function lockEventCount(
  tx: TenantTransaction,
  requestId: string,
): Promise<number | undefined> {
  const row = await tx
    .selectFrom('request')
    .select('event_count')
    .where('id', '=', requestId)
    .forUpdate()
    .executeTakeFirst()
  return row?.event_count
}

export async function readEvents(
  tx: TenantTransaction,
  requestId: string,
  after: number,
  limit: number,
): Promise<RequestEvent[]> {
  const rows = await tx
    .selectFrom('request_event')
    .select('event')
    .where('request_id', '=', requestId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => row.event)
}
