import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { AssistantRequest } from '../../../shared/assistant-protocol.ts'
import { listsOfRequests, operationListResource } from '../operations/operation-list-store.ts'
import { costOf } from './answer.ts'
import type { RequestRow } from './request-store.ts'

/** Requests as the API shows them, each with its operation lists. */
export async function requestResource(
  tx: TenantTransaction,
  rows: RequestRow[],
): Promise<AssistantRequest[]> {
  const lists = await listsOfRequests(
    tx,
    rows.map((row) => row.id),
  )
  const byRequest = Map.groupBy(lists, (list) => list.request_id)
  return rows.map((row) => ({
    id: row.id,
    conversation_id: row.conversation_id,
    team_id: row.team_id,
    person: row.person,
    source: row.source,
    text: row.text,
    state: row.state,
    route: row.route,
    error: row.error,
    cost: costOf(row),
    operation_lists: (byRequest.get(row.id) ?? []).map(operationListResource),
    undone_by: row.undone_by,
    undoes: row.undoes,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }))
}
