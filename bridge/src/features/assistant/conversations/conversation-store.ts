import type { Selectable } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { Conversation, PageContext } from '../../../shared/assistant-protocol.ts'
import type { Actor } from '../ports.ts'
import type { ConversationTable } from '../tables.ts'

export type ConversationRow = Selectable<ConversationTable>

/** Where a page of a newest-first list continues. */
export interface ListPosition {
  at: Date
  id: string
}

export async function insertConversation(
  tx: TenantTransaction,
  actor: Actor,
  values: {
    id: string
    title: string
    titled: boolean
    context: PageContext | null
    idempotency_key: string | null
    now: Date
  },
): Promise<ConversationRow | undefined> {
  return tx
    .insertInto('conversation')
    .values({
      id: values.id,
      site_id: actor.site_id,
      team_id: actor.team_id,
      person: actor.person,
      title: values.title,
      titled: values.titled,
      context: JSON.stringify(values.context),
      idempotency_key: values.idempotency_key,
      created_at: values.now,
      updated_at: values.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function findConversationByKey(
  tx: TenantTransaction,
  actor: Actor,
  key: string,
): Promise<ConversationRow | undefined> {
  return own(tx, actor).where('idempotency_key', '=', key).executeTakeFirst()
}

/** A person's own conversation; others' are as if they were not there. */
export async function findConversation(
  tx: TenantTransaction,
  actor: Actor,
  id: string,
  lock: 'lock' | 'read' = 'read',
): Promise<ConversationRow | undefined> {
  const query = own(tx, actor).where('id', '=', id)
  return (lock === 'lock' ? query.forUpdate() : query).executeTakeFirst()
}

export async function listConversations(
  tx: TenantTransaction,
  actor: Actor,
  page: { after: ListPosition | null; limit: number },
): Promise<ConversationRow[]> {
  let query = own(tx, actor)
  const after = page.after
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('updated_at', '<', after.at),
        eb.and([eb('updated_at', '=', after.at), eb('id', '<', after.id)]),
      ]),
    )
  }
  return query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}

export async function renameConversation(
  tx: TenantTransaction,
  actor: Actor,
  values: { id: string; title: string; now: Date },
): Promise<ConversationRow | undefined> {
  return tx
    .updateTable('conversation')
    .set({ title: values.title, titled: true, updated_at: values.now })
    .where('person', '=', actor.person)
    .where('id', '=', values.id)
    .returningAll()
    .executeTakeFirst()
}

export async function deleteConversation(
  tx: TenantTransaction,
  actor: Actor,
  id: string,
): Promise<void> {
  await tx
    .deleteFrom('conversation')
    .where('person', '=', actor.person)
    .where('id', '=', id)
    .execute()
}

export function conversationResource(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    context: row.context,
  }
}

function own(tx: TenantTransaction, actor: Actor) {
  return tx.selectFrom('conversation').selectAll().where('person', '=', actor.person)
}
