import { isStewardError } from '../../../shared/errors.ts'
import {
  STEWARD_METHODS,
  type ApplyResult,
  type OperationOutcome,
  type OutcomesResult,
  type RejectResult,
  type UndoResult,
} from '../../../shared/site-protocol.ts'
import type { SiteSession } from '../ports.ts'
import type { OperationListChange, OperationListRow } from './operation-list-store.ts'
import { listSummary, undoSummary } from './list-summary.ts'

/** What an attempt to apply came to. `unsent` and `unknown` leave the approval open. */
export type Settlement =
  | { kind: 'decided'; change: OperationListChange }
  /** It certainly never reached ERPNext. */
  | { kind: 'unsent'; error: Error }
  /** It may have been done: the same id and hash must be sent again. */
  | { kind: 'unknown'; error: Error }

/** Applies a list (or an undo) under its stored hash; sending it again is always safe. */
export async function applyOnSite(
  session: SiteSession,
  list: OperationListRow,
  signal: AbortSignal | undefined,
): Promise<Settlement> {
  try {
    const result = await send(session, list, signal)
    return { kind: 'decided', change: changeOf(result) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (isStewardError(error, 'site_unreachable', 'site_grant_expired')) {
      return { kind: 'unsent', error }
    }
    if (isStewardError(error, 'site_refused')) return refusedWhole(error.message, error.details)
    return { kind: 'unknown', error }
  }
}

/** Rejects in ERPNext; the unique id decides the race against an apply that was sent. */
export async function rejectOnSite(
  session: SiteSession,
  list: OperationListRow,
  supersededBy: string | null,
): Promise<OperationListChange> {
  const reason = supersededBy ? 'Replaced by another proposal' : 'Rejected by the person'
  const { outcomes } = await session.call<RejectResult>(
    STEWARD_METHODS.reject,
    { request_id: list.request_id, operations: list.operations, reason },
    { repeatable: true },
  )
  const state = stateOf(outcomes, 'rejected')
  const superseded_by = state === 'rejected' ? supersededBy : null
  return { state, outcomes, superseded_by, settling_until: null }
}

/** What ERPNext knows of the list; null while it knows nothing, which is not "not done". */
export async function readOutcomes(
  session: SiteSession,
  list: OperationListRow,
): Promise<OperationListChange | null> {
  const { outcomes } = await session.call<OutcomesResult>(
    STEWARD_METHODS.get,
    { operation_ids: list.operations.map((operation) => operation.operation_id) },
    { repeatable: true },
  )
  if (outcomes.length === 0 || outcomes.some((outcome) => outcome.state === 'unknown')) return null
  return { state: stateOf(outcomes, 'rejected'), outcomes, settling_until: null }
}

type SendResult = ApplyResult | UndoResult

function send(
  session: SiteSession,
  list: OperationListRow,
  signal: AbortSignal | undefined,
): Promise<SendResult> {
  const options = { repeatable: false, ...(signal && { signal }) }
  if (list.kind === 'undo') {
    return session.call<UndoResult>(
      STEWARD_METHODS.undo,
      {
        request_id: list.undoes_request_id,
        undo_request_id: list.request_id,
        operation_ids: list.undo_ids,
        hash: list.hash,
      },
      options,
    )
  }
  return session.call<ApplyResult>(
    STEWARD_METHODS.apply,
    { request_id: list.request_id, operations: list.operations, hash: list.hash },
    options,
  )
}

function changeOf(result: SendResult): OperationListChange {
  switch (result.status) {
    case 'applied':
      return {
        state: 'applied',
        outcomes: result.outcomes,
        refusal: null,
        settling_until: null,
        changed_since_approval: false,
        ...('conflicts' in result && { conflicts: result.conflicts }),
      }
    case 'changed':
      return changedOf(result.preview)
    case 'refused':
      return { state: 'refused', refusal: result.refusal, settling_until: null }
    case 'rejected':
      return { state: 'rejected', outcomes: result.outcomes, settling_until: null }
    case 'conflict':
      return conflictOf(result.message, result.outcomes)
  }
}

type NewPreview = Extract<SendResult, { status: 'changed' }>['preview']

/** Nothing was saved: the new preview waits for a new approval, or says why there is none. */
function changedOf(preview: NewPreview): OperationListChange {
  const conflicts = 'conflicts' in preview ? { conflicts: preview.conflicts } : {}
  if (preview.status === 'previewed') {
    return {
      state: 'proposed',
      hash: preview.hash,
      summary:
        'conflicts' in preview ? undoSummary(preview.operations) : listSummary(preview.operations),
      previews: preview.operations,
      changed_since_approval: true,
      refusal: null,
      settling_until: null,
      decided_at: null,
      decided_by: null,
      ...conflicts,
    }
  }
  const refusal =
    preview.status === 'refused'
      ? preview.refusal
      : {
          operation_id: null,
          exc_type: 'NothingToUndo',
          message: 'There is nothing left to undo.',
          code: 'conflict' as const,
        }
  return { state: 'refused', refusal, settling_until: null, ...conflicts }
}

/** The ids were used with another hash: what ERPNext holds under them is what counts. */
function conflictOf(message: string, outcomes: OperationOutcome[]): OperationListChange {
  const applied = outcomes.length > 0 && outcomes.every((outcome) => outcome.state === 'applied')
  if (applied) return { state: 'applied', outcomes, settling_until: null }
  return {
    state: 'refused',
    outcomes,
    settling_until: null,
    refusal: { operation_id: null, exc_type: 'OperationConflict', message, code: 'conflict' },
  }
}

function refusedWhole(message: string, details: Record<string, unknown>): Settlement {
  const excType = typeof details.exc_type === 'string' ? details.exc_type : 'ValidationError'
  const code = excType === 'PermissionError' ? 'permission' : 'other'
  // A crash of the site inside the call may have come after its commit.
  if (Number(details.http_status) >= 500) return { kind: 'unknown', error: new Error(message) }
  return {
    kind: 'decided',
    change: {
      state: 'refused',
      refusal: { operation_id: null, exc_type: excType, message, code },
      settling_until: null,
    },
  }
}

function stateOf(outcomes: OperationOutcome[], otherwise: 'rejected'): 'applied' | 'rejected' {
  const applied = outcomes.length > 0 && outcomes.every((outcome) => outcome.state === 'applied')
  return applied ? 'applied' : otherwise
}
