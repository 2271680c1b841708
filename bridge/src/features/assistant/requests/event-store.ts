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
  let claim = tx
    .updateTable('request')
    .set({ event_count: last })
    .where('id', '=', key.request_id)
    .where('event_count', '=', after)
  if (runnerId) claim = claim.where('runner_id', '=', runnerId)
  const claimed = await claim.executeTakeFirst()
  if (claimed.numUpdatedRows === 0n) return false
  if (events.length > 0) await insertEvents(tx, key, events)
  return true
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

async function insertEvents(
  tx: TenantTransaction,
  key: StreamKey,
  events: RequestEvent[],
): Promise<void> {
  await tx
    .insertInto('request_event')
    .values(
      events.map((event) => ({
        site_id: key.site_id,
        team_id: key.team_id,
        request_id: key.request_id,
        seq: event.seq,
        event: JSON.stringify(event),
      })),
    )
    .execute()
}
