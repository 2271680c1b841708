import { appendAudit, type AuditAction } from '../../../platform/audit/index.ts'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { OperationList, OperationListState } from '../../../shared/assistant-protocol.ts'
import type { OperationListRow } from './operation-list-store.ts'

interface Owner {
  site_id: string
  team_id: string
  person: string
}

/** Enters in the team's chain that a card was made: which changes to which documents, no values. */
export async function auditProposal(
  tx: TenantTransaction,
  owner: Owner,
  list: OperationList,
): Promise<void> {
  const operations = list.operations.map(({ operation_id, action, doctype, name }) => ({
    ...{ operation_id, action, doctype },
    name: typeof name === 'string' ? name : null,
  }))
  await append(tx, owner, 'operation.proposed', new Date(list.proposed_at), {
    list_id: list.id,
    details: { request_id: list.request_id, kind: list.kind, hash: list.hash, operations },
  })
}

/** Enters what became of a card. `at` is when; the person is the one who decided it. */
export async function auditDecision(
  tx: TenantTransaction,
  list: OperationListRow,
  at: Date,
): Promise<void> {
  const { site_id, team_id, request_id, hash, superseded_by } = list
  const outcomes = list.outcomes.map(({ operation_id, state, name }) => ({
    ...{ operation_id, state, name },
  }))
  const refusal = list.refusal && { exc_type: list.refusal.exc_type, code: list.refusal.code }
  await append(tx, { site_id, team_id, person: list.decided_by }, actionOf(list), at, {
    list_id: list.id,
    details: { request_id, hash, superseded_by, outcomes, refusal },
  })
}

const ACTIONS: Record<OperationListState, AuditAction> = {
  proposed: 'operation.reopened',
  approving: 'operation.approved',
  applied: 'operation.applied',
  rejected: 'operation.rejected',
  refused: 'operation.refused',
  expired: 'operation.expired',
}

function actionOf(list: OperationListRow): AuditAction {
  const undone = list.kind === 'undo' && list.state === 'applied'
  return undone ? 'operation.undone' : ACTIONS[list.state]
}

async function append(
  tx: TenantTransaction,
  { site_id, team_id, person }: Omit<Owner, 'person'> & { person: string | null },
  action: AuditAction,
  at: Date,
  { list_id, details }: { list_id: string; details: Record<string, unknown> },
): Promise<void> {
  const owner = { site_id, team_id, person }
  const target = { target_kind: 'operation_list' as const, target_id: list_id }
  await appendAudit(tx, { ...owner, ...target, at, action, details })
}
