import type { AssistantRequest } from '../../../shared/assistant-protocol.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { ApprovalService } from '../operations/approval-service.ts'
import { listsOfRequests } from '../operations/operation-list-store.ts'
import type { Actor } from '../ports.ts'
import { appendStored } from './event-log.ts'
import { changeRequest, findRequest } from './request-store.ts'
import { readRequest, type RequestDependencies } from './request-service.ts'

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
    if (!here) dependencies.hub.requestStop(id)
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
