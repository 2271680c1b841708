import { sql, type Selectable } from 'kysely'
import type { SystemTransaction, TenantTransaction } from '../../../platform/database/index.ts'
import type {
  RequestEvent,
  RequestState,
  RouteDecision,
} from '../../../shared/assistant-protocol.ts'
import type { Actor } from '../ports.ts'
import type { RequestTable } from '../tables.ts'
import type { ListPosition } from '../conversations/conversation-store.ts'

export type RequestRow = Selectable<RequestTable>

export interface NewRequest {
  id: string
  conversation_id: string | null
  source: RequestRow['source']
  text: string
  undoes: string | null
  idempotency_key: string | null
  body_hash: string | null
  runner_id: string | null
  now: Date
}

/** Undefined when the idempotency key was used before. */
export async function insertRequest(
  tx: TenantTransaction,
  actor: Actor,
  values: NewRequest,
): Promise<RequestRow | undefined> {
  return tx
    .insertInto('request')
    .values({
      id: values.id,
      site_id: actor.site_id,
      team_id: actor.team_id,
      person: actor.person,
      conversation_id: values.conversation_id,
      source: values.source,
      text: values.text,
      state: 'queued',
      route: 'null',
      error: 'null',
      undone_by: null,
      undoes: values.undoes,
      idempotency_key: values.idempotency_key,
      body_hash: values.body_hash,
      runner_id: values.runner_id,
      runner_seen_at: values.now,
      created_at: values.now,
      finished_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** What a person asked, as it is taken in. */
export interface NewAsk extends Omit<NewRequest, 'undoes'> {
  conversation_id: string
  /** Of the conversation, when this is its first message and nobody named it. */
  title: string
  message_id: string
  started: RequestEvent
}

export type TakenAsk = RequestRow & {
  /** Of its message. */
  number: number
  /** Requests that were waiting for this very message. */
  waiting: string[]
}

/**
 * The request, its message and its first event in one statement; the request counts as running from
 * here. Undefined when the person has no such conversation. Fails on the unique key when the
 * idempotency key was used before.
 */
export async function insertAsk(
  tx: TenantTransaction,
  { site_id, team_id, person }: Actor,
  ask: NewAsk,
): Promise<TakenAsk | undefined> {
  const result = await sql<TakenAsk>`
    with taken as (
      update conversation set message_count = message_count + 1, updated_at = ${ask.now},
        title = case when not titled and message_count = 0 then ${ask.title} else title end
      where id = ${ask.conversation_id} and person = ${person}
      returning id, message_count as number
    ), asked as (
      insert into request (id, site_id, team_id, person, conversation_id, source, text, state, route,
        error, idempotency_key, body_hash, event_count, runner_id, runner_seen_at, created_at)
      select ${ask.id}, ${site_id}, ${team_id}, ${person}, taken.id, ${ask.source}, ${ask.text},
        'running', 'null'::jsonb, 'null'::jsonb, ${ask.idempotency_key}::text,
        ${ask.body_hash}::text, 1, ${ask.runner_id}::text, ${ask.now}::timestamptz,
        ${ask.now}::timestamptz
      from taken returning *
    ), said as (
      insert into message (id, site_id, team_id, conversation_id, number, role, text, request_id,
        parts, memory, created_at)
      select ${ask.message_id}, ${site_id}, ${team_id}, taken.id, taken.number, 'person', ${ask.text},
        ${ask.id}, '[]'::jsonb, 'null'::jsonb, ${ask.now}::timestamptz
      from taken
    ), told as (
      insert into request_event (site_id, team_id, request_id, seq, event)
      select ${site_id}, ${team_id}, asked.id, 1, ${JSON.stringify(ask.started)}::jsonb from asked
    )
    select asked.*, taken.number, array(select before.id from request as before
      where before.conversation_id = taken.id and before.state = 'waiting_for_person') as waiting
    from asked, taken`.execute(tx)
  return result.rows[0]
}

export async function findRequest(
  tx: TenantTransaction,
  actor: Actor,
  id: string,
): Promise<RequestRow | undefined> {
  return own(tx, actor).where('id', '=', id).executeTakeFirst()
}

export async function findRequestByKey(
  tx: TenantTransaction,
  actor: Actor,
  key: string,
): Promise<RequestRow | undefined> {
  return own(tx, actor).where('idempotency_key', '=', key).executeTakeFirst()
}

export async function listRequests(
  tx: TenantTransaction,
  actor: Actor,
  page: {
    after: ListPosition | null
    limit: number
    state?: RequestState
    conversation_id?: string
  },
): Promise<RequestRow[]> {
  let query = own(tx, actor)
  const after = page.after
  if (page.state) query = query.where('state', '=', page.state)
  if (page.conversation_id) query = query.where('conversation_id', '=', page.conversation_id)
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', after.at),
        eb.and([eb('created_at', '=', after.at), eb('id', '<', after.id)]),
      ]),
    )
  }
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}

export interface RequestChange {
  state?: RequestState
  route?: RouteDecision | null
  error?: { code: string; message: string } | null
  cost?: { model_calls: number; input_tokens: number; output_tokens: number; nano_usd: bigint }
  finished_at?: Date | null
  undone_by?: string
}

/** Applies a change; only to a request that is still in one of `from`, when given. */
export async function changeRequest(
  tx: TenantTransaction,
  id: string,
  change: RequestChange,
  from?: RequestState[],
): Promise<boolean> {
  let query = tx.updateTable('request').set(changedColumns(change)).where('id', '=', id)
  if (from) query = query.where('state', 'in', from)
  const updated = await query.executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

/** The columns a change sets; each change makes a new version for whoever publishes it. */
export function changedColumns(change: RequestChange) {
  return {
    version: sql<number>`version + 1`,
    ...(change.state && { state: change.state }),
    ...(change.route !== undefined && { route: JSON.stringify(change.route) }),
    ...(change.error !== undefined && { error: JSON.stringify(change.error) }),
    ...change.cost,
    ...(change.finished_at !== undefined && { finished_at: change.finished_at }),
    ...(change.undone_by && { undone_by: change.undone_by }),
  }
}

/** Says that the process `runnerId` works on these requests; answers those that are still its own. */
export async function markRunnerSeen(
  tx: SystemTransaction,
  runnerId: string,
  running: string[],
  now: Date,
): Promise<Set<string>> {
  const rows = await tx
    .updateTable('request')
    .set({ runner_seen_at: now })
    .where('id', '=', sql<string>`any(${running}::text[])`)
    .where('runner_id', '=', runnerId)
    .where('state', 'in', ['queued', 'running'])
    .returning('id')
    .execute()
  return new Set(rows.map((row) => row.id))
}

/**
 * Requests nobody works on: another process's, not seen since `others`, or this one's, not seen
 * since `own` and not among those it is running (their end could not be stored).
 */
export async function abandonedRequests(
  tx: SystemTransaction,
  here: { runner_id: string; running: string[] },
  before: { others: Date; own: Date },
): Promise<RequestRow[]> {
  return tx
    .selectFrom('request')
    .selectAll()
    .where('state', 'in', ['queued', 'running'])
    .where((eb) =>
      eb.or([
        eb.and([eb('runner_id', '!=', here.runner_id), eb('runner_seen_at', '<', before.others)]),
        eb.and([
          eb('runner_id', '=', here.runner_id),
          eb('runner_seen_at', '<', before.own),
          eb.not(eb('id', '=', sql<string>`any(${here.running}::text[])`)),
        ]),
      ]),
    )
    .limit(500)
    .execute()
}

function own(tx: TenantTransaction, actor: Actor) {
  return tx.selectFrom('request').selectAll().where('person', '=', actor.person)
}
