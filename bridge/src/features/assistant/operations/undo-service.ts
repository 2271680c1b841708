import type { OperationList } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { Ids } from '../../../shared/ids.ts'
import {
  STEWARD_METHODS,
  type OperationInput,
  type SiteRefusal,
  type UndoConflict,
  type UndoPreviewResult,
} from '../../../shared/site-protocol.ts'
import type { SiteSession } from '../ports.ts'
import { undoSummary } from './list-summary.ts'
import type { OperationListRow, UndoTarget } from './operation-list-store.ts'

/** What an undo would do, or why there is nothing for it to do. */
export type UndoProposal =
  | { kind: 'proposed'; list: OperationList; target: UndoTarget }
  | { kind: 'nothing'; conflicts: UndoConflict[] }
  | { kind: 'refused'; refusal: SiteRefusal; conflicts: UndoConflict[] }

/** An id for the undo of each operation of the request that is applied and not undone yet. */
export function undoTargetOf(
  requestId: string,
  lists: OperationListRow[],
  undone: ReadonlySet<string>,
  ids: Ids,
): UndoTarget {
  const applied = lists
    .filter((list) => list.state === 'applied')
    .flatMap((list) => list.outcomes)
    .filter((outcome) => outcome.state === 'applied' && !undone.has(outcome.operation_id))
  if (applied.length === 0) {
    throw new StewardError('conflict', 'This request changed nothing that could be undone.')
  }
  return {
    request_id: requestId,
    ids: Object.fromEntries(
      applied.map((outcome) => [outcome.operation_id, ids.next('operation')]),
    ),
  }
}

/** Asks ERPNext what undoing would do; nothing is changed by it. */
export async function proposeUndo(
  session: SiteSession,
  undoRequestId: string,
  target: UndoTarget,
  made: { ids: Ids; clock: Clock; signal: AbortSignal },
): Promise<UndoProposal> {
  const preview = await session.call<UndoPreviewResult>(
    STEWARD_METHODS.previewUndo,
    {
      request_id: target.request_id,
      undo_request_id: undoRequestId,
      operation_ids: target.ids,
    },
    { repeatable: true, signal: made.signal },
  )
  if (preview.status === 'nothing_to_undo') {
    return { kind: 'nothing', conflicts: preview.conflicts }
  }
  if (preview.status === 'refused') {
    return { kind: 'refused', refusal: preview.refusal, conflicts: preview.conflicts }
  }
  const list = undoList(undoRequestId, preview, made)
  return { kind: 'proposed', list, target }
}

function undoList(
  requestId: string,
  preview: Extract<UndoPreviewResult, { status: 'previewed' }>,
  made: { ids: Ids; clock: Clock },
): OperationList {
  return {
    id: made.ids.next('operation_list'),
    request_id: requestId,
    kind: 'undo',
    state: 'proposed',
    hash: preview.hash,
    summary: undoSummary(preview.operations),
    operations: preview.operations.map(undoOperation),
    previews: preview.operations,
    outcomes: [],
    conflicts: preview.conflicts,
    refusal: null,
    changed_since_approval: false,
    seen_previews: null,
    superseded_by: null,
    proposed_at: made.clock.now().toISOString(),
    decided_at: null,
    decided_by: null,
  }
}

function undoOperation(
  preview: Extract<UndoPreviewResult, { status: 'previewed' }>['operations'][number],
): OperationInput {
  return {
    operation_id: preview.operation_id,
    action: preview.action,
    doctype: preview.doctype,
    ...(preview.name && { name: preview.name }),
  }
}
