import type { Insertable, Selectable } from 'kysely'
import { appendAudit } from '../../platform/audit/index.ts'
import type { SystemTransaction } from '../../platform/database/index.ts'
import type { SessionTable } from './tables.ts'

export type SessionRow = Selectable<SessionTable>

export async function insertSession(
  tx: SystemTransaction,
  row: Insertable<SessionTable>,
): Promise<void> {
  await tx
    .insertInto('session')
    .values({ ...row, identity: JSON.stringify(row.identity) as never })
    .execute()
}

/** Enters in the team's chain that a session was opened. */
export async function auditOpening(tx: SystemTransaction, row: SessionRow): Promise<void> {
  await appendAudit(tx, {
    ...{ site_id: row.site_id, team_id: row.team_id, person: row.person },
    at: row.created_at,
    action: 'session.opened',
    target_kind: 'session',
    target_id: row.id,
    details: { kind: row.kind },
  })
}

export async function readSession(tx: SystemTransaction, id: string): Promise<SessionRow | null> {
  return (
    (await tx.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
  )
}

/** Newest session of the person that has not ended. */
export async function newestSession(
  tx: SystemTransaction,
  siteId: string,
  person: string,
): Promise<SessionRow | null> {
  const row = await tx
    .selectFrom('session')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('person', '=', person)
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return row ?? null
}

/** Ends a session that has not ended, and enters that in the team's chain. */
export async function endSession(
  tx: SystemTransaction,
  id: string,
  reason: NonNullable<SessionRow['ended_reason']>,
  at: Date,
): Promise<void> {
  const ended = await tx
    .updateTable('session')
    .set({ ended_at: at, ended_reason: reason })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning(['site_id', 'team_id', 'person', 'kind'])
    .executeTakeFirst()
  if (!ended) return
  const { kind, ...owner } = ended
  await appendAudit(tx, {
    ...owner,
    at,
    action: 'session.ended',
    target_kind: 'session',
    target_id: id,
    details: { kind, reason },
  })
}

export async function storeSiteTokens(
  tx: SystemTransaction,
  id: string,
  tokens: Pick<SessionRow, 'site_token' | 'site_refresh_token' | 'site_token_expires_at'>,
): Promise<void> {
  await tx.updateTable('session').set(tokens).where('id', '=', id).execute()
}

export async function markChecked(tx: SystemTransaction, id: string, at: Date): Promise<void> {
  await tx.updateTable('session').set({ checked_at: at }).where('id', '=', id).execute()
}

export async function insertRefreshToken(
  tx: SystemTransaction,
  hash: string,
  sessionId: string,
  expiresAt: Date,
): Promise<void> {
  await tx
    .insertInto('refresh_token')
    .values({ hash, session_id: sessionId, expires_at: expiresAt, used_at: null })
    .execute()
}

/**
 * Uses up a refresh token: `used` when this call did, `reused` when another did before. One
 * statement decides, so of two at once only one wins.
 */
export async function takeRefreshToken(
  tx: SystemTransaction,
  hash: string,
  now: Date,
): Promise<{ outcome: 'used' | 'reused' | 'expired'; session_id: string } | null> {
  const taken = await tx
    .updateTable('refresh_token')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .returning(['session_id', 'expires_at'])
    .executeTakeFirst()
  if (taken)
    return { outcome: taken.expires_at > now ? 'used' : 'expired', session_id: taken.session_id }
  const known = await tx
    .selectFrom('refresh_token')
    .select('session_id')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return known ? { outcome: 'reused', session_id: known.session_id } : null
}

export async function insertStep(
  tx: SystemTransaction,
  step: {
    hash: string
    kind: 'state' | 'code'
    sealed: string
    return_to: string
    expires_at: Date
  },
): Promise<void> {
  await tx.insertInto('sign_in_step').values(step).execute()
}

/** Takes a step out: it works once. */
export async function takeStep(
  tx: SystemTransaction,
  hash: string,
  kind: 'state' | 'code',
  now: Date,
): Promise<{ sealed: string; return_to: string } | null> {
  await tx.deleteFrom('sign_in_step').where('expires_at', '<', now).execute()
  const row = await tx
    .deleteFrom('sign_in_step')
    .where('hash', '=', hash)
    .where('kind', '=', kind)
    .returning(['sealed', 'return_to'])
    .executeTakeFirst()
  return row ?? null
}
