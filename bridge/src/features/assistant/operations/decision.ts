import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { OperationListState } from '../../../shared/assistant-protocol.ts'
import type { ConversationHistory } from '../conversations/history.ts'
import { appendStored, type EventLogDependencies, type NewEvent } from '../requests/event-log.ts'
import { changeRequest } from '../requests/request-store.ts'
import { auditDecision } from './operation-audit.ts'
import {
  changeOperationList,
  listsOfRequests,
  markUndone,
  operationListResource,
  type OperationListChange,
  type OperationListRow,
} from './operation-list-store.ts'

export interface DecisionDependencies extends EventLogDependencies {
  history: Pick<ConversationHistory, 'forget'>
}

/** States a decision may start from; an applied or rejected list never moves again. */
const OPEN: OperationListState[] = ['proposed', 'refused', 'approving']

/**
 * Stores what became of a list, what that means for its request, and the events of both, in one
 * transaction. False when the list was decided by someone else first, or, with `sentAlready` false,
 * when an apply has been sent meanwhile.
 */
export async function recordDecision(
  dependencies: DecisionDependencies,
  list: OperationListRow,
  change: OperationListChange,
  sentAlready = true,
): Promise<boolean> {
  const events: NewEvent[] = []
  const from =
    change.state === 'proposed' || sentAlready ? OPEN : (['proposed', 'refused'] as const)
  let conversation: string | null = null
  const stored = await appendStored(
    dependencies,
    { site_id: list.site_id, team_id: list.team_id, request_id: list.request_id },
    () => events,
    async (tx) => {
      if (!sentAlready && (await wasSent(tx, list.id))) return false
      const row = await changeOperationList(tx, list.id, [...from], change)
      if (!row) return false
      events.push({
        type: 'operation_list.changed',
        operation_list: operationListResource(row),
      })
      if (row.state === 'applied') await recordUndo(tx, row)
      const finished = await finishRequest(tx, row, dependencies.clock.now())
      if (finished) events.push(finished)
      conversation = await conversationOf(tx, row.request_id)
      await auditDecision(tx, row, dependencies.clock.now())
      return true
    },
  )
  if (conversation) await dependencies.history.forget(list, conversation)
  return stored
}

async function conversationOf(tx: TenantTransaction, requestId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('request')
    .select('conversation_id')
    .where('id', '=', requestId)
    .executeTakeFirst()
  return row?.conversation_id ?? null
}

async function wasSent(tx: TenantTransaction, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('operation_list')
    .select('apply_sent')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row?.apply_sent ?? false
}

async function recordUndo(tx: TenantTransaction, list: OperationListRow): Promise<void> {
  if (list.kind !== 'undo' || !list.undoes_request_id || !list.undo_ids) return
  const done = list.outcomes.filter((outcome) => outcome.state === 'applied')
  await markUndone(tx, list.undo_ids, new Set(done.map((outcome) => outcome.operation_id)))
  await changeRequest(tx, list.undoes_request_id, { undone_by: list.request_id })
}

/** A request that waited for approval is complete once none of its lists is open. */
async function finishRequest(
  tx: TenantTransaction,
  list: OperationListRow,
  now: Date,
): Promise<NewEvent | null> {
  const lists = await listsOfRequests(tx, [list.request_id])
  if (lists.some(({ state }) => state === 'proposed' || state === 'approving')) return null
  const finished = await changeRequest(
    tx,
    list.request_id,
    { state: 'completed', finished_at: now },
    ['waiting_for_approval'],
  )
  if (!finished) {
    await changeRequest(tx, list.request_id, {})
    return null
  }
  const answer = await tx
    .selectFrom('message')
    .select('id')
    .where('request_id', '=', list.request_id)
    .where('role', '=', 'assistant')
    .executeTakeFirst()
  return { type: 'request.completed', message_id: answer?.id ?? null }
}
