/** Outcomes of the protocol (`site-protocol.ts`): what was applied, rejected and undone. */

import type {
  OperationAction,
  OperationPreview,
  PreviewResult,
  SiteRefusal,
} from './site-operations.ts'

export type OperationState = 'applied' | 'rejected' | 'unknown'

export interface OperationOutcome {
  operation_id: string
  state: OperationState
  action: OperationAction
  doctype: string
  /** The document's real name. */
  name: string | null
  title: string | null
  docstatus: 0 | 1 | 2 | null
  modified: string | null
  /** When it was applied or rejected. */
  at: string | null
  /** Desk path of the document, e.g. `/app/quotation/SAL-QTN-2026-00001`. */
  path: string | null
  hash: string | null
  person: string | null
  request_id: string | null
  /** Operation ids that later undid this one. */
  undone_by: string | null
}

/**
 * Answer of `apply(request_id, operations, hash)`: all or nothing, exactly once.
 * - applied: done now or before (`repeated: true`), with the stored outcomes
 * - changed: what would be saved no longer has this hash; nothing is saved; approve the new preview
 * - refused: the site's own reason; nothing is saved, the id stays usable
 * - rejected: a reject of this id came first
 * - conflict: the id was used before with another hash, person or action
 */
export type ApplyResult =
  | { status: 'applied'; repeated: boolean; outcomes: OperationOutcome[] }
  | { status: 'changed'; preview: PreviewResult }
  | { status: 'refused'; refusal: SiteRefusal }
  | { status: 'rejected'; outcomes: OperationOutcome[] }
  | { status: 'conflict'; message: string; outcomes: OperationOutcome[] }

/** Answer of `get(operation_ids)`; an id the site does not know has state `unknown`. */
export interface OutcomesResult {
  outcomes: OperationOutcome[]
}

/** Answer of `reject(request_id, operations, reason)`: the unique id decides the race against apply. */
export interface RejectResult {
  outcomes: OperationOutcome[]
}

/** What undo cannot do, said before anything is done. */
export interface UndoConflict {
  /** The applied operation that cannot be (wholly) undone. */
  operation_id: string
  doctype: string
  name: string | null
  fieldname: string | null
  label: string | null
  /** What it was before, what Steward wrote, what stands there now. */
  before?: unknown
  applied?: unknown
  current?: unknown
  reason: string
}

/**
 * Answer of `preview_undo(request_id, undo_request_id, operation_ids)`; `operation_ids` maps each
 * applied operation id to the id its undo shall have. Newest first.
 */
export type UndoPreviewResult =
  | {
      status: 'previewed'
      hash: string
      operations: (OperationPreview & { undoes: string; replacement_name?: string | null })[]
      conflicts: UndoConflict[]
    }
  | { status: 'nothing_to_undo'; conflicts: UndoConflict[] }
  | { status: 'refused'; refusal: SiteRefusal; conflicts: UndoConflict[] }

/** Answer of `undo(request_id, undo_request_id, operation_ids, hash)`; the same contract as apply. */
export type UndoResult =
  | {
      status: 'applied'
      repeated: boolean
      outcomes: OperationOutcome[]
      conflicts: UndoConflict[]
    }
  | { status: 'changed'; preview: UndoPreviewResult }
  | { status: 'refused'; refusal: SiteRefusal }
  | { status: 'rejected'; outcomes: OperationOutcome[] }
  | { status: 'conflict'; message: string; outcomes: OperationOutcome[] }
