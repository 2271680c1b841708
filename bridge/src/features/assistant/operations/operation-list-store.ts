import { sql, type Selectable } from 'kysely'
import type { SystemTransaction, TenantTransaction } from '../../../platform/database/index.ts'
import type { OperationList, OperationListState } from '../../../shared/assistant-protocol.ts'
import type { OperationOutcome, OperationPreview } from '../../../shared/site-protocol.ts'
import type { Actor } from '../ports.ts'
import type { OperationListTable } from '../tables.ts'
import { auditProposal } from './operation-audit.ts'

export type OperationListRow = Selectable<OperationListTable>

/** What an undo list needs to be applied: the request it undoes, and its ids by applied id. */
export interface UndoTarget {
  request_id: string
  ids: Record<string, string>
}

export async function insertOperationList(
  tx: TenantTransaction,
  owner: Pick<Actor, 'site_id' | 'team_id' | 'person'>,
  list: OperationList,
  undoes: UndoTarget | null,
): Promise<void> {
  await tx
    .insertInto('operation_list')
    .values({
      id: list.id,
      site_id: owner.site_id,
      team_id: owner.team_id,
      request_id: list.request_id,
      person: owner.person,
      kind: list.kind,
      state: list.state,
      hash: list.hash,
      summary: list.summary,
      operations: JSON.stringify(list.operations),
      previews: JSON.stringify(list.previews),
      outcomes: JSON.stringify(list.outcomes),
      conflicts: JSON.stringify(list.conflicts),
      refusal: JSON.stringify(list.refusal),
      seen_previews: null,
      settling_until: null,
      superseded_by: null,
      undoes_request_id: undoes?.request_id ?? null,
      undo_ids: JSON.stringify(undoes?.ids ?? null),
      proposed_at: new Date(list.proposed_at),
      decided_at: null,
      decided_by: null,
    })
    .execute()
  await insertOperations(tx, owner, list)
  await auditProposal(tx, owner, list)
}

async function insertOperations(
  tx: TenantTransaction,
  owner: Pick<Actor, 'site_id' | 'team_id'>,
  list: OperationList,
): Promise<void> {
  await tx
    .insertInto('operation')
    .values(
      list.operations.map((operation, position) => ({
        id: operation.operation_id,
        site_id: owner.site_id,
        team_id: owner.team_id,
        operation_list_id: list.id,
        request_id: list.request_id,
        position,
        action: operation.action,
        doctype: operation.doctype,
        document_name: typeof operation.name === 'string' ? operation.name : null,
        state: 'proposed' as const,
        undone_by: null,
      })),
    )
    .execute()
}

/** The person's own list by its id or by the id of one of its operations; locked when asked. */
export async function findOperationList(
  tx: TenantTransaction,
  person: string,
  id: string,
  lock: 'lock' | 'read',
): Promise<OperationListRow | undefined> {
  const query = tx
    .selectFrom('operation_list')
    .selectAll()
    .where('person', '=', person)
    .where((eb) =>
      eb.or([
        eb('id', '=', id),
        eb(
          'id',
          'in',
          eb
            .selectFrom('operation')
            .select('operation.operation_list_id')
            .where('operation.id', '=', id),
        ),
      ]),
    )
  return (lock === 'lock' ? query.forUpdate() : query).executeTakeFirst()
}

export async function listsOfRequests(
  tx: TenantTransaction,
  requestIds: string[],
): Promise<OperationListRow[]> {
  if (requestIds.length === 0) return []
  return tx
    .selectFrom('operation_list')
    .selectAll()
    .where('request_id', 'in', requestIds)
    .orderBy('proposed_at')
    .orderBy('id')
    .execute()
}

export interface OperationListChange {
  state: OperationListState
  hash?: string
  summary?: string
  previews?: OperationList['previews']
  outcomes?: OperationOutcome[]
  conflicts?: OperationList['conflicts']
  refusal?: OperationList['refusal']
  changed_since_approval?: boolean
  superseded_by?: string | null
  apply_sent?: boolean
  settling_until?: Date | null
  decided_at?: Date | null
  decided_by?: string | null
}

/** Moves a list on, only from one of the states `from`; the row as it is now, or undefined. */
export async function changeOperationList(
  tx: TenantTransaction | SystemTransaction,
  id: string,
  from: OperationListState[],
  change: OperationListChange,
): Promise<OperationListRow | undefined> {
  const { previews, outcomes, conflicts, refusal, ...plain } = change
  const row = await tx
    .updateTable('operation_list')
    .set({
      ...plain,
      ...(previews && { previews: JSON.stringify(previews) }),
      // The row's own previews until now are what was approved; an update reads them before it writes.
      ...seenPreviews(change),
      ...(outcomes && { outcomes: JSON.stringify(outcomes) }),
      ...(conflicts && { conflicts: JSON.stringify(conflicts) }),
      ...(refusal !== undefined && { refusal: JSON.stringify(refusal) }),
    })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst()
  if (row && outcomes) await storeOutcomes(tx, outcomes)
  return row
}

function seenPreviews({ changed_since_approval: changed }: OperationListChange) {
  if (changed === undefined) return {}
  return { seen_previews: changed ? sql<OperationPreview[]>`previews` : null }
}

async function storeOutcomes(
  tx: TenantTransaction | SystemTransaction,
  outcomes: OperationOutcome[],
): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.state === 'unknown') continue
    await tx
      .updateTable('operation')
      .set({ state: outcome.state, document_name: outcome.name })
      .where('id', '=', outcome.operation_id)
      .execute()
  }
}

/** Remembers which operation undid which. */
export async function markUndone(
  tx: TenantTransaction,
  undoIds: Record<string, string>,
  done: ReadonlySet<string>,
): Promise<void> {
  for (const [applied, undo] of Object.entries(undoIds)) {
    if (!done.has(undo)) continue
    await tx.updateTable('operation').set({ undone_by: undo }).where('id', '=', applied).execute()
  }
}

/** Approvals nobody is settling any more: their process died, or ERPNext did not answer. */
export async function unsettledLists(
  tx: SystemTransaction,
  now: Date,
): Promise<OperationListRow[]> {
  return tx
    .selectFrom('operation_list')
    .selectAll()
    .where('state', '=', 'approving')
    .where('settling_until', '<', now)
    .orderBy('settling_until')
    .limit(100)
    .execute()
}

export function operationListResource(row: OperationListRow): OperationList {
  return {
    id: row.id,
    request_id: row.request_id,
    kind: row.kind,
    state: row.state,
    hash: row.hash,
    summary: row.summary,
    operations: row.operations,
    previews: row.previews,
    outcomes: row.outcomes,
    conflicts: row.conflicts,
    refusal: row.refusal,
    changed_since_approval: row.changed_since_approval,
    seen_previews: row.seen_previews,
    superseded_by: row.superseded_by,
    proposed_at: row.proposed_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null,
    decided_by: row.decided_by,
  }
}
