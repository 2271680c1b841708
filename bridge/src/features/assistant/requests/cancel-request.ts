import type { AssistantRequest } from '../../../shared/assistant-protocol.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { ApprovalService } from '../operations/approval-service.ts'
import { listsOfRequests } from '../operations/operation-list-store.ts'
import type { Actor } from '../ports.ts'
import { endAbandoned } from './abandoned-request.ts'
import { appendStored } from './event-log.ts'
import { changeRequest, findRequest, type RequestRow } from './request-store.ts'
import { followRequest } from './request-stream.ts'
import { readRequest, type RequestDependencies } from './request-service.ts'
import { cancelledError } from './running-requests.ts'

/**
 * Stops a request: one that runs keeps what it showed; one that waits has its open proposals
 * rejected, where ERPNext decides if an approval was sent already.
 */
export async function cancelRequest(
  dependencies: RequestDependencies,
  approvals: ApprovalService,
  actor: Actor,
  id: string,
): Promise<AssistantRequest> {
  const { row, lists } = await dependencies.database.withTenant(actor, async (tx) => ({
    row: await findRequest(tx, actor, id),
    lists: await listsOfRequests(tx, [id]),
  }))
  if (!row) throw new StewardError('not_found', 'There is no such request.')
  if (row.state === 'queued' || row.state === 'running') {
    const here = await dependencies.running.cancel(id)
    if (!here) await stopElsewhere(dependencies, row)
  } else if (row.state.startsWith('waiting')) {
    const open = lists.filter(({ state }) => state === 'proposed' || state === 'approving')
    for (const list of open) await approvals.reject(actor, list.id)
    await appendStored(
      dependencies,
      { site_id: actor.site_id, team_id: actor.team_id, request_id: id },
      [{ type: 'request.cancelled' }],
      (tx) =>
        changeRequest(tx, id, { state: 'cancelled', finished_at: dependencies.clock.now() }, [
          'waiting_for_person',
          'waiting_for_approval',
        ]),
    )
  }
  return readRequest(dependencies, actor, id)
}

/** Longest another replica may take to stop a request before it is ended in its place. */
const STOPS_WITHIN_MS = 700

/** Asks the replica that runs the request; one that is gone or does not hear loses it. */
async function stopElsewhere(dependencies: RequestDependencies, row: RequestRow): Promise<void> {
  const { site_id, team_id, id: request_id, event_count: after } = row
  const signal = AbortSignal.timeout(STOPS_WITHIN_MS)
  const options = { after, until: 'turn' as const, fresh: false, signal }
  const events = followRequest(dependencies, { site_id, team_id, request_id }, options)
  dependencies.hub.requestStop(row.id)
  for await (const event of events) if (event.type === 'request.cancelled') return
  await endAbandoned(dependencies, row, cancelledError())
}
