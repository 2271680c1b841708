import type { Document } from './contract.ts'
import { allChildren } from './documents.ts'
import { SiteError, validationError } from './errors.ts'
import { hasColumn, isTableField } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'

export type SaveAction = 'save' | 'submit' | 'update_after_submit' | 'cancel'

/** What a save from one docstatus to another is; anything but the four allowed ways is refused. */
export function actionOf(from: number, to: number): SaveAction {
  if (from === 2) throw validationError('Cannot edit cancelled document', { silent: true })
  if (![0, 1, 2].includes(to)) throw new SiteError('ValidationError', 'Invalid docstatus')
  if (from === 0 && to === 0) return 'save'
  if (from === 0 && to === 1) return 'submit'
  if (from === 1 && to === 1) return 'update_after_submit'
  if (from === 1 && to === 2) return 'cancel'
  throw new SiteError('DocstatusTransitionError', transitionMessage(from), { silent: true })
}

function transitionMessage(from: number): string {
  return from === 0
    ? 'Cannot change docstatus from 0 (Draft) to 2 (Cancelled)'
    : 'Cannot change docstatus from 1 (Submitted) to 0 (Draft)'
}

/** Optimistic lock: the `modified` handed in must be the stored one, as a string. */
export function checkIfLatest(document: Document, before: Document, sentModified: string): void {
  if (before.modified === sentModified) return
  throw new SiteError(
    'TimestampMismatchError',
    `Error: Document has been modified after you have opened it (${before.modified}, ${document.modified}). Please refresh to get the latest document.`,
  )
}

/** After submit only fields marked so may change. */
export function checkUpdateAfterSubmit(
  site: InnerSite,
  document: Document,
  before: Document,
  meta: Meta,
): void {
  compareAfterSubmit(document, before, meta)
  const stored = new Map(allChildren(before, meta).map((row) => [row.name, row]))
  for (const row of allChildren(document, meta)) {
    const field = meta.field(row.parentfield ?? '')
    const storedRow = stored.get(row.name)
    if (storedRow) compareAfterSubmit(row, storedRow, site.state.metas.get(row.doctype))
    else if (!field?.allow_on_submit)
      throw notAllowed(document, field?.label ?? '', 'rows', 'more rows')
  }
}

function compareAfterSubmit(part: Document, before: Document, meta: Meta): void {
  for (const field of meta.fields) {
    if (field.allow_on_submit) continue
    const [now, then] = [part[field.fieldname], before[field.fieldname]]
    if (isTableField(field)) {
      const [count, former] = [lengthOf(now), lengthOf(then)]
      if (count < former) throw notAllowed(part, field.label, `${former} rows`, `${count} rows`)
    } else if (hasColumn(field) && (now ?? '') !== (then ?? '')) {
      throw notAllowed(part, field.label, String(then), String(now))
    }
  }
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function notAllowed(part: Document, label: string, from: string, to: string): SiteError {
  const prefix = part.parentfield ? `Row #${part.idx}: ` : ''
  return new SiteError(
    'UpdateAfterSubmitError',
    `${prefix}Not allowed to change <strong>${label}</strong> after submission from <strong>${from}</strong> to <strong>${to}</strong>`,
    { title: 'Cannot Update After Submit' },
  )
}
