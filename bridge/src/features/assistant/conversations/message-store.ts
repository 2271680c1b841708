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

/**
 * Adds a message at the end of its conversation in one statement; answers its number, or undefined
 * when the conversation is gone.
 */
export async function appendMessage(
  tx: TenantTransaction,
  tenant: { site_id: string; team_id: string },
  message: NewMessage,
): Promise<number | undefined> {
  const result = await sql<{ number: number }>`
    with taken as (${takeNumber(message)}), said as (${insertTaken(tenant, message)})
    select number from said`.execute(tx)
  return result.rows[0]?.number
}

/** Part of a statement: takes the conversation's next number; no row when the conversation is gone. */
export function takeNumber(message: NewMessage) {
  return sql<{ id: string; number: number }>`update conversation
    set message_count = message_count + 1, updated_at = ${message.created_at}
    where id = ${message.conversation_id} returning id, message_count as number`
}

/** Part of a statement: the message as the row `taken` numbers it. */
export function insertTaken(tenant: { site_id: string; team_id: string }, message: NewMessage) {
  return sql<{ number: number }>`insert into message (id, site_id, team_id, conversation_id, number,
      role, text, request_id, parts, memory, created_at)
    select ${message.id}, ${tenant.site_id}, ${tenant.team_id}, taken.id, taken.number,
      ${message.role}, ${message.text}, ${message.request_id}::text,
      ${JSON.stringify(message.parts)}::jsonb, ${JSON.stringify(message.memory ?? null)}::jsonb,
      ${message.created_at}::timestamptz
    from taken returning number`
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
