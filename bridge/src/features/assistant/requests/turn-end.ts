import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { MessagePart, OperationList } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { StewardError } from '../../../shared/errors.ts'
import type { Ids } from '../../../shared/ids.ts'
import type { ConversationHistory } from '../conversations/history.ts'
import type { NewMessage } from '../conversations/message-store.ts'
import { insertOperationList } from '../operations/operation-list-store.ts'
import { costOf, type Answer } from './answer.ts'
import type { NewEvent } from './event-log.ts'
import type { RunningRequest } from './request-run.ts'
import type { RequestChange } from './request-store.ts'

/** How a turn ended. */
export type TurnEnd =
  | { kind: 'answered' }
  | { kind: 'asked' }
  | { kind: 'proposed'; lists: OperationList[] }
  | { kind: 'failed'; error: StewardError }

/**
 * Stores the answer, the card or question it ends with, and the request's new state in one
 * transaction with the events that say so. What was shown is kept also when the turn failed.
 */
export async function endTurn(
  dependencies: { clock: Clock; ids: Ids; history: ConversationHistory },
  request: RunningRequest,
  answer: Answer,
  end: TurnEnd,
): Promise<void> {
  showEnd(answer, end)
  const now = dependencies.clock.now()
  const message = keepsMessage(answer, end)
    ? messageOf(request, answer, dependencies.ids, now)
    : null
  const change: RequestChange = {
    ...stateChange(end, now),
    cost: answer.spent,
    ...(request.route && { route: request.route }),
  }
  const events = [...freeAnswer(end, answer), ...eventsOf(end, message?.id ?? null)]
  // None when the person deleted the conversation meanwhile: the request keeps its own record.
  const number = await request.log.commit(events, { change, message }, cardsOf(request, end))
  if (number === request.number + 1) await keepHot(dependencies.history, request, answer)
}

/** Only when nothing came between question and answer is the window known without reading it. */
async function keepHot(
  history: ConversationHistory,
  request: RunningRequest,
  answer: Answer,
): Promise<void> {
  if (!request.past) return
  const question = { text: request.text, documents: [], tables: [], memory: null }
  await history.extend(request.actor, request.conversation_id, {
    after: request.number - 1,
    before: request.past,
    added: [
      { role: 'person', ...question },
      { role: 'assistant', ...answer.asPast() },
    ],
  })
}

/** The question, the card and what went wrong are parts of the message. */
function showEnd(answer: Answer, end: TurnEnd): void {
  answer.endText()
  if (end.kind === 'proposed') {
    for (const { id } of end.lists) answer.add({ type: 'operation_list', operation_list_id: id })
  }
  if (end.kind !== 'failed' && answer.question) {
    answer.add({ type: 'question', question: answer.question })
  }
  if (end.kind === 'failed' && !answer.isEmpty()) answer.add(stoppedNotice(end.error))
}

export function stoppedNotice(error: StewardError): MessagePart {
  const cancelled = error.code === 'cancelled'
  return {
    type: 'notice',
    level: cancelled ? 'info' : 'error',
    text: cancelled
      ? 'You stopped this answer; it is not complete.'
      : `This answer is not complete: ${error.message}`,
    code: error.code,
  }
}

function keepsMessage(answer: Answer, end: TurnEnd): boolean {
  return end.kind !== 'failed' || !answer.isEmpty()
}

export function stateChange(end: TurnEnd, now: Date): RequestChange {
  switch (end.kind) {
    case 'answered':
      return { state: 'completed', finished_at: now }
    case 'asked':
      return { state: 'waiting_for_person' }
    case 'proposed':
      return { state: 'waiting_for_approval' }
    case 'failed':
      if (end.error.code === 'cancelled') return { state: 'cancelled', finished_at: now }
      return { state: 'failed', finished_at: now, error: errorBody(end.error) }
  }
}

export function eventsOf(end: TurnEnd, messageId: string | null): NewEvent[] {
  switch (end.kind) {
    case 'answered':
      return [{ type: 'request.completed', message_id: messageId }]
    case 'asked':
      return [{ type: 'request.waiting', state: 'waiting_for_person' }]
    case 'proposed':
      return [
        ...end.lists.map(
          (list) => ({ type: 'operation_list.proposed', operation_list: list }) as const,
        ),
        { type: 'request.waiting', state: 'waiting_for_approval' },
      ]
    case 'failed':
      if (end.error.code === 'cancelled') return [{ type: 'request.cancelled' }]
      return [{ type: 'request.failed', error: errorBody(end.error) }]
  }
}

/** An answer without a model says so too: it counts as a request and costs nothing. */
function freeAnswer(end: TurnEnd, answer: Answer): NewEvent[] {
  const counts = end.kind !== 'failed' || !answer.isEmpty()
  if (!counts || answer.spent.model_calls > 0) return []
  return [{ type: 'usage.recorded', cost: costOf(answer.spent) }]
}

function errorBody(error: StewardError): { code: string; message: string } {
  const reason = error.details.reason
  return { code: typeof reason === 'string' ? reason : error.code, message: error.message }
}

function messageOf(request: RunningRequest, answer: Answer, ids: Ids, now: Date): NewMessage {
  return {
    id: ids.next('message'),
    conversation_id: request.conversation_id,
    role: 'assistant',
    text: answer.text,
    request_id: request.id,
    parts: answer.parts,
    memory: answer.memory,
    created_at: now,
  }
}

/** Stores the cards the turn ends with. */
function cardsOf(request: RunningRequest, end: TurnEnd) {
  if (end.kind !== 'proposed') return undefined
  return async (tx: TenantTransaction): Promise<void> => {
    for (const list of end.lists) await insertOperationList(tx, request.actor, list, null)
  }
}
