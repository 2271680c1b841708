import { sql, type Selectable } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { Message, MessagePart } from '../../../shared/assistant-protocol.ts'
import type { MessageTable } from '../tables.ts'

export type MessageRow = Selectable<MessageTable>

export interface NewMessage {
  id: string
  conversation_id: string
  role: 'person' | 'assistant'
  text: string
  request_id: string | null
  parts: MessagePart[]
  memory: unknown
  created_at: Date
}

/** A message as a row, for statements that write it together with others. */
export function messageRow(tenant: { site_id: string; team_id: string }, message: NewMessage) {
  return {
    ...message,
    site_id: tenant.site_id,
    team_id: tenant.team_id,
    parts: JSON.stringify(message.parts),
    memory: JSON.stringify(message.memory ?? null),
  }
}

/**
 * Adds a message at the end of its conversation in one statement; answers its number, or undefined
 * when the conversation is gone.
 */
export async function appendMessage(
  tx: TenantTransaction,
  tenant: { site_id: string; team_id: string },
  message: NewMessage,
): Promise<number | undefined> {
  const row = messageRow(tenant, message)
  const added = await tx
    .with('taken', (cte) =>
      cte
        .updateTable('conversation')
        .set((eb) => ({
          message_count: eb('message_count', '+', 1),
          updated_at: message.created_at,
        }))
        .where('id', '=', message.conversation_id)
        .returning(['id', 'message_count']),
    )
    .insertInto('message')
    .columns([
      'id',
      'site_id',
      'team_id',
      'conversation_id',
      'number',
      'role',
      'text',
      'request_id',
      'parts',
      'memory',
      'created_at',
    ])
    .expression(
      sql`select ${row.id}, ${row.site_id}, ${row.team_id}, taken.id, taken.message_count,
        ${row.role}, ${row.text}, ${row.request_id}::text, ${row.parts}::jsonb, ${row.memory}::jsonb,
        ${row.created_at}::timestamptz from taken`,
    )
    .returning('number')
    .executeTakeFirst()
  return added?.number
}

/** The messages after `after` in order, at most `limit`. */
export async function listMessages(
  tx: TenantTransaction,
  conversationId: string,
  page: { after: number; limit: number },
): Promise<MessageRow[]> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('number', '>', page.after)
    .orderBy('number')
    .limit(page.limit)
    .execute()
}

/** The newest messages up to number `upTo`, oldest first. */
export async function recentMessages(
  tx: TenantTransaction,
  conversationId: string,
  range: { after: number; upTo: number; limit: number },
): Promise<MessageRow[]> {
  const rows = await tx
    .selectFrom('message')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('number', '>', range.after)
    .where('number', '<=', range.upTo)
    .orderBy('number', 'desc')
    .limit(range.limit)
    .execute()
  return rows.reverse()
}

export function messageResource(row: MessageRow): Message {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    role: row.role,
    text: row.text,
    request_id: row.request_id,
    created_at: row.created_at.toISOString(),
    parts: row.parts,
  }
}
