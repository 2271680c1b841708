import { decodeCursor, encodeCursor } from '../../../http/index.ts'
import { appendAudit } from '../../../platform/audit/index.ts'
import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { Conversation, Message, PageContext } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { Ids } from '../../../shared/ids.ts'
import type { Actor } from '../ports.ts'
import {
  conversationResource,
  deleteConversation,
  findConversation,
  findConversationByKey,
  insertConversation,
  listConversations,
  renameConversation,
  type ListPosition,
} from './conversation-store.ts'
import type { ConversationHistory } from './history.ts'
import { listMessages, messageResource } from './message-store.ts'

export interface ConversationDependencies {
  database: Database
  clock: Clock
  ids: Ids
  history: ConversationHistory
}

export interface Page {
  cursor?: string | undefined
  limit: number
}

export interface PageOf<T> {
  data: T[]
  next_cursor: string | null
}

const UNTITLED = 'New conversation'

export async function createConversation(
  dependencies: ConversationDependencies,
  actor: Actor,
  values: { title?: string; context: PageContext | null; idempotency_key: string | null },
): Promise<Conversation> {
  const key = values.idempotency_key
  const { database, ids, clock } = dependencies
  const inserted = await database.tenantStatement(actor, (tx) =>
    insertConversation(tx, actor, {
      id: ids.next('conversation'),
      title: values.title ?? UNTITLED,
      titled: values.title !== undefined,
      context: values.context,
      idempotency_key: key,
      now: clock.now(),
    }),
  )
  const known = async () =>
    key === null
      ? undefined
      : database.tenantStatement(actor, (tx) => findConversationByKey(tx, actor, key))
  const row = inserted ?? (await known())
  if (!row) throw new StewardError('conflict', 'The conversation could not be created.')
  return conversationResource(row)
}

export async function pageOfConversations(
  dependencies: ConversationDependencies,
  actor: Actor,
  page: Page,
): Promise<PageOf<Conversation>> {
  const rows = await dependencies.database.withTenant(actor, (tx) =>
    listConversations(tx, actor, { after: positionOf(page.cursor), limit: page.limit + 1 }),
  )
  const next = rows.length > page.limit ? rows[page.limit - 1] : undefined
  return {
    data: rows.slice(0, page.limit).map(conversationResource),
    next_cursor: next ? encodeCursor([next.updated_at.toISOString(), next.id]) : null,
  }
}

export async function readConversation(
  dependencies: ConversationDependencies,
  actor: Actor,
  id: string,
): Promise<Conversation> {
  const row = await dependencies.database.withTenant(actor, (tx) => findConversation(tx, actor, id))
  if (!row) throw missing()
  return conversationResource(row)
}

export async function rename(
  dependencies: ConversationDependencies,
  actor: Actor,
  { id, title }: { id: string; title: string },
  requireVersion: VersionCheck,
): Promise<Conversation> {
  const row = await dependencies.database.withTenant(actor, async (tx) => {
    await checkVersion(tx, actor, id, requireVersion)
    return renameConversation(tx, actor, { id, title, now: dependencies.clock.now() })
  })
  if (!row) throw missing()
  return conversationResource(row)
}

/** Throws when the caller wants to change another version than this one. */
type VersionCheck = (current: Conversation) => void

/** Checks under a lock, so that nothing comes between the check and the change. */
async function checkVersion(
  tx: TenantTransaction,
  actor: Actor,
  id: string,
  requireVersion: VersionCheck,
): Promise<void> {
  const current = await findConversation(tx, actor, id, 'lock')
  if (!current) throw missing()
  requireVersion(conversationResource(current))
}

/** Messages go; requests and what they changed in ERPNext stay on record. */
export async function remove(
  dependencies: ConversationDependencies,
  actor: Actor,
  id: string,
  requireVersion: VersionCheck,
): Promise<void> {
  const { site_id, team_id, person } = actor
  await dependencies.database.withTenant(actor, async (tx) => {
    await checkVersion(tx, actor, id, requireVersion)
    await deleteConversation(tx, actor, id)
    await appendAudit(tx, {
      ...{ site_id, team_id, person, at: dependencies.clock.now(), details: {} },
      ...{ action: 'conversation.deleted', target_kind: 'conversation', target_id: id },
    })
  })
  await dependencies.history.forget(actor, id)
}

export async function pageOfMessages(
  dependencies: ConversationDependencies,
  actor: Actor,
  id: string,
  page: Page,
): Promise<PageOf<Message>> {
  const after = page.cursor ? Number(decodeCursor(page.cursor, 1)[0]) : 0
  if (!Number.isInteger(after)) throw new StewardError('invalid_request', 'Not a cursor of ours.')
  const rows = await dependencies.database.withTenant(actor, async (tx) => {
    if (!(await findConversation(tx, actor, id))) throw missing()
    return listMessages(tx, id, { after, limit: page.limit + 1 })
  })
  const next = rows.length > page.limit ? rows[page.limit - 1] : undefined
  return {
    data: rows.slice(0, page.limit).map(messageResource),
    next_cursor: next ? encodeCursor([String(next.number)]) : null,
  }
}

/** Where a newest-first list continues; both parts were given out by us. */
export function positionOf(cursor: string | undefined): ListPosition | null {
  if (cursor === undefined) return null
  const [at = '', id = ''] = decodeCursor(cursor, 2)
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) {
    throw new StewardError('invalid_request', 'The cursor is not one this list gave out.')
  }
  return { at: date, id }
}

function missing(): StewardError {
  return new StewardError('not_found', 'There is no such conversation.')
}
