import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { MessagePart } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { StewardError } from '../../../shared/errors.ts'
import type { Ids } from '../../../shared/ids.ts'
import { appendMessage } from '../conversations/message-store.ts'
import type { EventHub } from './event-hub.ts'
import { appendStored, type NewEvent } from './event-log.ts'
import { readEvents } from './event-store.ts'
import { changeRequest, type RequestRow } from './request-store.ts'
import { eventsOf, stateChange, stoppedNotice } from './turn-end.ts'

export interface AbandonedDependencies {
  database: Database
  hub: EventHub
  clock: Clock
  ids: Ids
}

/** More events than a request can have within its deadline. */
const ALL_EVENTS = 100_000

/**
 * Ends a request in the place of the process that ran it, which is gone or does not answer; that
 * one can store nothing for it any more. What it had shown becomes its answer, marked as not
 * complete. False when the request has ended meanwhile.
 */
export async function endAbandoned(
  dependencies: AbandonedDependencies,
  request: RequestRow,
  error: StewardError,
): Promise<boolean> {
  const { site_id, team_id, id: request_id } = request
  const end = { kind: 'failed' as const, error }
  let notice: NewEvent[] = []
  return appendStored(
    dependencies,
    { site_id, team_id, request_id },
    () => [...notice, ...eventsOf(end, null)],
    async (tx) => {
      const change = stateChange(end, dependencies.clock.now())
      if (!(await changeRequest(tx, request_id, change, ['queued', 'running']))) return false
      await tx
        .updateTable('request')
        .set({ runner_id: null })
        .where('id', '=', request_id)
        .execute()
      notice = await keepShown(tx, dependencies, request, stoppedNotice(error))
      return true
    },
  )
}

/** The stored text and parts as the request's message, with `notice` at its end. */
async function keepShown(
  tx: TenantTransaction,
  dependencies: AbandonedDependencies,
  request: RequestRow,
  notice: MessagePart,
): Promise<NewEvent[]> {
  const events = await readEvents(tx, request.id, 0, ALL_EVENTS)
  const text = events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
  const parts = events.flatMap((event) => (event.type === 'part.added' ? [event.part] : []))
  const { conversation_id } = request
  if (conversation_id === null || (text === '' && parts.length === 0)) return []
  await appendMessage(tx, request, {
    id: dependencies.ids.next('message'),
    conversation_id,
    role: 'assistant',
    text,
    request_id: request.id,
    parts: [...parts, notice],
    memory: null,
    created_at: dependencies.clock.now(),
  })
  return [{ type: 'part.added', part: notice }]
}
