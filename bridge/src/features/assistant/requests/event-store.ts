import { sql } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import { insertTaken, takeNumber, type NewMessage } from '../conversations/message-store.ts'
import type { StreamKey } from './event-hub.ts'
import { changedColumns, type RequestChange } from './request-store.ts'

/** What a turn comes to, stored together with the events that say so. */
export interface TurnRecord {
  change: RequestChange
  /** Null when nothing was shown. */
  message: NewMessage | null
}

/**
 * Stores events that follow number `after` without a gap, in one statement with the end of the turn
 * when there is one. Undefined when the request's events have moved on without this writer, or
 * another process took the request over: nothing is stored then.
 */
export async function storeEvents(
  tx: TenantTransaction,
  key: StreamKey,
  after: number,
  events: RequestEvent[],
  runnerId: string | null,
  turn?: TurnRecord,
): Promise<{ message_number: number | null } | undefined> {
  const last = events.at(-1)?.seq ?? after
  const claimed = tx
    .with('claim', (cte) => {
      const claim = cte
        .updateTable('request')
        .set({ event_count: last, ...(turn && changedColumns(turn.change)) })
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
  const message = turn?.message
  if (!message) {
    const row = await claimed.selectFrom('claim').select('id').executeTakeFirst()
    return row && { message_number: null }
  }
  return claimed
    .with('taken', () => sql<{ id: string; number: number }>`(${takeNumber(message)})`)
    .with('said', () => sql<{ number: number }>`(${insertTaken(key, message)})`)
    .selectFrom('claim')
    .leftJoin('said', (join) => join.onTrue())
    .select('said.number as message_number')
    .executeTakeFirst()
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
