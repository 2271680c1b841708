import type {
  SiteRefusal,
  UndoConflict,
  UndoPreviewResult,
} from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { seesEverybody } from '../access.ts'
import { textOf } from '../values.ts'
import { claim, completeRows } from './apply.ts'
import { refused } from './preview.ts'
import { insertRows, storedRows, undoneBy, type OperationRow } from './record.ts'
import { recorded } from './recorder.ts'
import { refusalOf, refuse } from './refusal.ts'
import type { Operation } from './request.ts'
import { Run } from './run.ts'
import { OPPOSITE, undoOne } from './undo-perform.ts'
import { CannotUndo } from './undo-restore.ts'
import type { FieldConflict } from './undo-values.ts'

type Mode = 'preview' | 'apply'

/**
 * Attempts to undo a list. What ERPNext refuses is left out, with its reason, and the rest is tried
 * again from the start: one transaction holds exactly what can be undone.
 */
export class Undoing {
  refusal: SiteRefusal | null = null
  run: Run | null = null
  hash: string | null = null
  readonly #undoRequestId: string
  readonly #ids: ReadonlyMap<string, string>
  readonly #site: SiteContext
  readonly #leftOut: UndoConflict[] = []
  #partly: UndoConflict[] = []
  #rows: OperationRow[]

  constructor(
    requestId: string,
    undoRequestId: string,
    ids: ReadonlyMap<string, string>,
    site: SiteContext,
  ) {
    this.#undoRequestId = undoRequestId
    this.#ids = ids
    this.#site = site
    this.#rows = this.#readRows(requestId)
  }

  get conflicts(): UndoConflict[] {
    return [...this.#leftOut, ...this.#partly]
  }

  attempt(mode: Mode, approved: string): void {
    let failed: string | null
    do {
      failed = this.#passOnce(mode, approved)
      this.#rows = this.#rows.filter((row) => row.name !== failed)
    } while (failed !== null)
  }

  answer(): UndoPreviewResult {
    const conflicts = this.conflicts
    if (this.refusal) return { status: 'refused', refusal: this.refusal, conflicts }
    if (!this.run?.steps.length || this.hash === null) {
      return { status: 'nothing_to_undo', conflicts }
    }
    const applied = new Map([...this.#ids].map(([id, undo]) => [undo, id]))
    const original = new Map(this.#rows.map((row) => [row.name, row.reference_name]))
    const operations = this.run.steps.map((step) => {
      const undoes = applied.get(step.operation.operation_id) ?? ''
      const isReplaced = step.after !== null && step.name !== original.get(undoes)
      return { ...step.preview(), undoes, replacement_name: isReplaced ? step.name : null }
    })
    return { status: 'previewed', hash: this.hash, operations, conflicts }
  }

  /** The applied rows this person may undo, newest first. */
  #readRows(requestId: string): OperationRow[] {
    const applied = [...this.#ids.keys()]
    const stored = storedRows(applied, this.#site)
    const undone = undoneBy(applied, this.#site)
    const kept: OperationRow[] = []
    for (const id of applied) {
      const row = stored.get(id)
      if (row?.state !== 'applied' || row.request_id !== requestId) {
        this.#leaveOut({ name: id }, 'It was not applied by this request.')
        continue
      }
      if (row.person !== this.#site.user && !seesEverybody(this.#site)) {
        refuse('You can undo only what you approved yourself.', 'PermissionError')
      }
      if (undone.has(id)) this.#leaveOut(row, 'It was undone already.')
      else kept.push(row)
    }
    return kept.sort(newestFirst)
  }

  /** One run over the rows; the applied id that cannot be undone, or null when all can. */
  #passOnce(mode: Mode, approved: string): string | null {
    this.#partly = []
    this.hash = null
    const operations = this.#rows.map((row) => this.#operation(row))
    try {
      this.#site.savepoint(() => this.#runOnce(operations, mode, approved))
      return null
    } catch (error) {
      return this.#fail(error)
    }
  }

  #runOnce(operations: Operation[], mode: Mode, approved: string): void {
    const site = this.#site
    recorded(site, (recorder) => {
      const run = new Run(operations, (operation) => this.#perform(operation), recorder, site)
      this.run = run
      site.guard(mode, () => {
        if (mode === 'apply') this.#claim(operations, approved)
        run.performAll()
      })
      this.hash = run.hash()
      if (mode === 'apply') completeRows(run, site)
    })
  }

  #operation(row: OperationRow): Operation {
    const action = OPPOSITE[row.action as keyof typeof OPPOSITE]
    return {
      operation_id: this.#ids.get(textOf(row.name)) ?? '',
      action,
      doctype: textOf(row.reference_doctype),
      name: action === 'create' ? null : textOf(row.reference_name),
      base_modified: null,
      values: {},
      source: null,
    }
  }

  #perform(operation: Operation): Document | null {
    const row = this.#rowOf(operation.operation_id)
    if (!row) throw new TypeError(`No applied row for ${operation.operation_id}`)
    const found: FieldConflict[] = []
    const document = undoOne(row, found, this.#site)
    this.#partly.push(...found.map((conflict) => this.#conflict(row, conflict)))
    return document
  }

  #claim(operations: Operation[], approved: string): void {
    const applied = new Map([...this.#ids].map(([id, undo]) => [undo, id]))
    const rows = operations.map((operation, index) => ({
      ...claim(this.#undoRequestId, operation, index, approved, this.#site),
      undo_of: applied.get(operation.operation_id) ?? null,
    }))
    insertRows(rows, this.#site)
  }

  #fail(error: unknown): string | null {
    const row = this.#rowOf(this.run?.at ?? '')
    if (!row || !this.run) {
      if (!this.run) throw error
      this.refusal = refused(this.run, error, this.#site).refusal
      return null
    }
    if (error instanceof CannotUndo) {
      this.#leftOut.push(...error.conflicts.map((conflict) => this.#conflict(row, conflict)))
      this.#leaveOut(row, error.message)
    } else this.#leaveOut(row, refusalOf(error, null, this.#site).message)
    this.#site.messages.splice(0)
    return textOf(row.name)
  }

  #rowOf(undoId: string): OperationRow | undefined {
    return this.#rows.find((row) => this.#ids.get(textOf(row.name)) === undoId)
  }

  #leaveOut(row: OperationRow, reason: string): void {
    this.#leftOut.push(this.#conflict(row, { fieldname: null, label: null, reason }))
  }

  #conflict(row: OperationRow, conflict: FieldConflict): UndoConflict {
    return {
      operation_id: textOf(row.name),
      doctype: textOf(row.reference_doctype),
      name: textOf(row.reference_name) || null,
      ...conflict,
    }
  }
}

function newestFirst(one: OperationRow, other: OperationRow): number {
  const [a, b] = [textOf(one.decided_at), textOf(other.decided_at)]
  if (a !== b) return a < b ? 1 : -1
  return Number(other.idx_in_request) - Number(one.idx_in_request)
}
