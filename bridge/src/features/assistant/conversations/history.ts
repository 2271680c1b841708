import type { HotCache } from '../../../platform/cache/index.ts'
import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { PastMessage } from '../brain.ts'
import type { OperationListRow } from '../operations/operation-list-store.ts'
import { listsOfRequests } from '../operations/operation-list-store.ts'
import type { Actor } from '../ports.ts'
import { recentMessages, type MessageRow } from './message-store.ts'

/** Messages a brain looks back on word for word; older ones are in the summary. */
const WINDOW = 40
const WINDOW_TTL_MS = 30 * 60_000

export interface ConversationHistory {
  /** The past of a conversation up to message `upTo`, oldest first. */
  before(actor: Actor, conversationId: string, upTo: number): Promise<PastMessage[]>
  /** Forget the hot window: something in it changed. */
  forget(actor: Pick<Actor, 'site_id' | 'team_id'>, conversationId: string): Promise<void>
}

/**
 * A conversation's last messages, from the hot window while it is current. A window belongs to one
 * conversation of one person and says up to which message it reaches, so it can neither be stale
 * nor anybody else's.
 */
export function createHistory(database: Database, cache: HotCache): ConversationHistory {
  return {
    before: async (actor, conversationId, upTo) => {
      if (upTo === 0) return []
      const key = windowKey(actor, conversationId)
      const hot = await cache.get(key)
      const known = hot === undefined ? null : (JSON.parse(hot) as Window)
      if (known?.up_to === upTo && known.person === actor.person) return known.messages
      const messages = await database.withTenant(actor, (tx) => load(tx, conversationId, upTo))
      const window: Window = { up_to: upTo, person: actor.person, messages }
      await cache.set(key, JSON.stringify(window), WINDOW_TTL_MS)
      return messages
    },
    forget: (actor, conversationId) => cache.delete(windowKey(actor, conversationId)),
  }
}

interface Window {
  up_to: number
  person: string
  messages: PastMessage[]
}

function windowKey(actor: Pick<Actor, 'site_id' | 'team_id'>, conversationId: string): string {
  return `conversation-window:${actor.site_id}:${actor.team_id}:${conversationId}`
}

async function load(
  tx: TenantTransaction,
  conversationId: string,
  upTo: number,
): Promise<PastMessage[]> {
  const rows = await recentMessages(tx, conversationId, { after: 0, upTo, limit: WINDOW })
  const requests = rows.map((row) => row.request_id).filter((id) => id !== null)
  const lists = Map.groupBy(await listsOfRequests(tx, requests), (list) => list.request_id)
  return rows.map((row) =>
    pastMessage(row, row.role === 'assistant' ? (lists.get(row.request_id ?? '') ?? []) : []),
  )
}

function pastMessage(row: MessageRow, lists: OperationListRow[]): PastMessage {
  return {
    role: row.role,
    text: row.text,
    documents: [
      ...row.parts.flatMap((part) => (part.type === 'document' ? [named(part.document)] : [])),
      ...lists.flatMap(documentsOf),
    ],
    tables: row.parts.flatMap((part) => (part.type === 'table' ? [part.table] : [])),
    memory: row.memory,
  }
}

/** What a card made or changed counts as shown once it is applied, as ERPNext named it. */
function documentsOf(list: OperationListRow): PastMessage['documents'] {
  if (list.state !== 'applied') return []
  return list.outcomes.flatMap((outcome) =>
    outcome.name === null || outcome.action === 'delete'
      ? []
      : [{ doctype: outcome.doctype, name: outcome.name, title: outcome.title ?? outcome.name }],
  )
}

function named(document: { doctype: string; name: string; title: string }) {
  return { doctype: document.doctype, name: document.name, title: document.title }
}
