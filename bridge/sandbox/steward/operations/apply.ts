import type { ApplyResult, OperationOutcome } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { keep } from './kept-files.ts'
import { perform } from './perform.ts'
import { previewed, refused } from './preview.ts'
import { completeRow, insertRows, outcomes, storedRows, type OperationRow } from './record.ts'
import { recorded } from './recorder.ts'
import { asAsked, type Operation } from './request.ts'
import { RolledBack } from './rolled-back.ts'
import { Run, type Step } from './run.ts'

/** Does what was approved under `approved`: all or nothing, exactly once. */
export function applyOperations(
  requestId: string,
  operations: Operation[],
  approved: string,
  site: SiteContext,
): ApplyResult {
  const settled = settle(operations, approved, site)
  if (settled) return settled
  try {
    site.savepoint(() => applyOnce(requestId, operations, approved, site))
  } catch (error) {
    site.messages.splice(0)
    if (error instanceof RolledBack) return error.answer as ApplyResult
    throw error
  }
  site.messages.splice(0)
  return { status: 'applied', repeated: false, outcomes: outcomesOf(operations, site) }
}

/** What the stored rows say about these ids already; null when nothing is known of them. */
function settle(operations: Operation[], approved: string, site: SiteContext): ApplyResult | null {
  const rows = storedRows(operations.map(idOf), site)
  if (!rows.size) return null
  const found = outcomesOf(operations, site)
  if ([...rows.values()].some((row) => row.state === 'rejected')) {
    return { status: 'rejected', outcomes: found }
  }
  const isRepeat = operations.every((entry) => isSame(entry, rows.get(idOf(entry)), approved, site))
  if (isRepeat) return { status: 'applied', repeated: true, outcomes: found }
  const message = 'An operation id was used before for something else.'
  return { status: 'conflict', message, outcomes: found }
}

function isSame(
  operation: Operation,
  row: OperationRow | undefined,
  approved: string,
  site: SiteContext,
): boolean {
  return (
    row !== undefined &&
    row.effect_hash === approved &&
    row.person === site.user &&
    row.action === operation.action &&
    row.reference_doctype === operation.doctype
  )
}

/** Throws `RolledBack` with the answer when nothing may stay. */
function applyOnce(
  requestId: string,
  operations: Operation[],
  approved: string,
  site: SiteContext,
): void {
  recorded(site, (recorder) => {
    const run = new Run(operations, perform, recorder, site, { describes: false })
    try {
      site.guard('apply', () => {
        insertRows(
          operations.map((operation, index) => claim(requestId, operation, index, approved, site)),
          site,
        )
        run.performAll()
      })
    } catch (error) {
      throw new RolledBack(refused(run, error, site))
    }
    if (run.hash() !== approved) {
      throw new RolledBack({ status: 'changed', preview: previewed(run) })
    }
    completeRows(run, site)
  })
}

/** The row that takes the id before the work begins. */
export function claim(
  requestId: string,
  operation: Operation,
  index: number,
  approved: string,
  site: SiteContext,
): OperationRow {
  return {
    name: operation.operation_id,
    state: 'applied',
    action: operation.action,
    reference_doctype: operation.doctype,
    person: site.user,
    request_id: requestId,
    effect_hash: approved,
    idx_in_request: index + 1,
    asked: JSON.stringify(asAsked(operation), null, 1),
  }
}

export function completeRows(run: Run, site: SiteContext): void {
  for (const step of run.steps) {
    const id = idOf(step.operation)
    completeRow(id, effectOf(step), site)
    if (step.companions) keep(id, step.companions.files, step.companions.contents, site)
  }
}

function effectOf(step: Step): Record<string, unknown> {
  return {
    reference_name: step.name,
    reference_title: step.title?.slice(0, 140) || null,
    docstatus_after: step.after?.docstatus ?? 0,
    modified_after: step.after?.modified ?? null,
    before_image: step.before ? JSON.stringify(step.before) : null,
    after_image: step.after ? JSON.stringify(step.after) : null,
    companions: step.companions ? JSON.stringify({ ...step.companions, contents: {} }) : null,
  }
}

function outcomesOf(operations: Operation[], site: SiteContext): OperationOutcome[] {
  return outcomes(operations.map(idOf), site)
}

function idOf(operation: Operation): string {
  return operation.operation_id
}
