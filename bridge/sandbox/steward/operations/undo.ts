import type { UndoPreviewResult, UndoResult } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { nameDeferred } from './preview.ts'
import { outcomes, storedRows } from './record.ts'
import { RolledBack } from './rolled-back.ts'
import { Undoing } from './undoing.ts'

/** Applied id to the id its undo shall have. */
export type UndoIds = ReadonlyMap<string, string>

/** What undoing these operations would do, and what it cannot. Nothing remains. */
export function previewUndo(
  requestId: string,
  undoRequestId: string,
  ids: UndoIds,
  site: SiteContext,
): UndoPreviewResult {
  const undoing = new Undoing(requestId, undoRequestId, ids, site)
  const { deferred } = site.dryRun(() => undoing.attempt('preview', ''))
  site.messages.splice(0)
  if (undoing.run) nameDeferred(undoing.run, deferred)
  return undoing.answer()
}

/** Undoes what was approved under `approved`, newest first, exactly once. */
export function undoRequest(
  requestId: string,
  undoRequestId: string,
  ids: UndoIds,
  approved: string,
  site: SiteContext,
): UndoResult {
  const settled = settle(ids, approved, site)
  if (settled) return settled
  const undoing = new Undoing(requestId, undoRequestId, ids, site)
  try {
    site.savepoint(() => {
      undoing.attempt('apply', approved)
      if (undoing.hash !== approved || undoing.refusal) throw new RolledBack(undoing.answer())
    })
  } catch (error) {
    site.messages.splice(0)
    if (error instanceof RolledBack) return notDone(error.answer as UndoPreviewResult)
    throw error
  }
  site.messages.splice(0)
  const done = undoing.run?.steps.map((step) => step.operation.operation_id) ?? []
  return {
    status: 'applied',
    repeated: false,
    outcomes: outcomes(done, site),
    conflicts: undoing.conflicts,
  }
}

function notDone(answer: UndoPreviewResult): UndoResult {
  if (answer.status === 'refused') return { status: 'refused', refusal: answer.refusal }
  return { status: 'changed', preview: answer }
}

/** What the stored rows say about the undo's ids already; null when nothing is known of them. */
function settle(ids: UndoIds, approved: string, site: SiteContext): UndoResult | null {
  const rows = storedRows([...ids.values()], site)
  if (!rows.size) return null
  const found = outcomes([...rows.keys()], site)
  const all = [...rows.values()]
  if (all.some((row) => row.state === 'rejected')) return { status: 'rejected', outcomes: found }
  const isMine = all.every((row) => row.effect_hash === approved && row.person === site.user)
  const undoesThese = [...ids].every(
    ([applied, undo]) => !rows.has(undo) || rows.get(undo)?.undo_of === applied,
  )
  if (isMine && undoesThese) {
    return { status: 'applied', repeated: true, outcomes: found, conflicts: [] }
  }
  const message = 'An operation id was used before for something else.'
  return { status: 'conflict', message, outcomes: found }
}
