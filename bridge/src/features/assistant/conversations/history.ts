import type { HotCache } from '../../../platform/cache/index.ts'
import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { PastMessage } from '../brain.ts'
import type { OperationListRow } from '../operations/operation-list-store.ts'
import { listsOfRequests } from '../operations/operation-list-store.ts'
import type { Actor } from '../ports.ts'
import { recentMessages, type MessageRow } from './message-store.ts'

/** Messages a brain looks back on word for word; older ones are in the summary. */
const WINDOW = 40
/** Shorter than a session, so that a hot window can't outlive it. */
const WINDOW_TTL_MS = 30 * 60_000
/** A pause this long ends the session. */
const SESSION_MS = 12 * 3_600_000

export interface ConversationHistory {
  /** The past of a conversation up to message `upTo`, oldest first. */
  before(actor: Actor, conversationId: string, upTo: number): Promise<PastMessage[]>
  /** Keeps the window hot: `messages` follow the past that ended at `after`. */
  extend(
    actor: Actor,
    conversationId: string,
    past: { after: number; before: PastMessage[]; added: PastMessage[] },
  ): Promise<void>
  /** Forget the hot window: something in it changed. */
  forget(tenant: Pick<Actor, 'site_id' | 'team_id'>, conversationId: string): Promise<void>
}

/**
 * A conversation's last messages, from the hot window while it is current. A window belongs to one
 * conversation of one person and says up to which message it reaches, so it can neither be stale
 * nor anybody else's. After a long pause the past is not carried on: a new session begins.
 */
export function createHistory(
  database: Database,
  cache: HotCache,
  clock: Clock,
): ConversationHistory {
  const keep = (actor: Actor, conversationId: string, window: Omit<Window, 'person'>) =>
    cache.set(
      windowKey(actor, conversationId),
      JSON.stringify({ ...window, person: actor.person }),
      WINDOW_TTL_MS,
    )
  return {
    before: async (actor, conversationId, upTo) => {
      if (upTo === 0) return []
      const hot = await cache.get(windowKey(actor, conversationId))
      const known = hot === undefined ? null : (JSON.parse(hot) as Window)
      if (known?.up_to === upTo && known.person === actor.person) return known.messages
      const messages = await database.withTenant(actor, (tx) =>
        load(tx, conversationId, upTo, clock.now()),
      )
      await keep(actor, conversationId, { up_to: upTo, messages })
      return messages
    },
    extend: (actor, conversationId, { after, before, added }) =>
      keep(actor, conversationId, {
        up_to: after + added.length,
        messages: [...before, ...added].slice(-WINDOW),
      }),
    forget: (tenant, conversationId) => cache.delete(windowKey(tenant, conversationId)),
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
  now: Date,
): Promise<PastMessage[]> {
  const range = { after: 0, upTo, limit: WINDOW }
  const rows = currentSession(await recentMessages(tx, conversationId, range), now)
  const requests = rows.map((row) => row.request_id).filter((id) => id !== null)
  const lists = Map.groupBy(await listsOfRequests(tx, requests), (list) => list.request_id)
  return rows.map((row) =>
    pastMessage(row, row.role === 'assistant' ? (lists.get(row.request_id ?? '') ?? []) : []),
  )
}

/** The messages since the last long pause. */
function currentSession(rows: MessageRow[], now: Date): MessageRow[] {
  let next = now.getTime()
  let count = 0
  for (const row of rows.toReversed()) {
    if (next - row.created_at.getTime() > SESSION_MS) break
    next = row.created_at.getTime()
    count += 1
  }
  return count === 0 ? [] : rows.slice(-count)
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
