import type { Selectable } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { Message, MessagePart } from '../../../shared/assistant-protocol.ts'
import type { Tenant } from '../../../platform/database/index.ts'
import type { MessageTable } from '../tables.ts'

export type MessageRow = Selectable<MessageTable>

export interface NewMessage {
  id: string
  conversation_id: string
  number: number
  role: 'person' | 'assistant'
  text: string
  request_id: string | null
  parts: MessagePart[]
  memory: unknown
  created_at: Date
}

export async function insertMessage(
  tx: TenantTransaction,
  tenant: Tenant & { team_id: string },
  message: NewMessage,
): Promise<void> {
  await tx
    .insertInto('message')
    .values({
      ...message,
      site_id: tenant.site_id,
      team_id: tenant.team_id,
      parts: JSON.stringify(message.parts),
      memory: JSON.stringify(message.memory ?? null),
    })
    .execute()
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
