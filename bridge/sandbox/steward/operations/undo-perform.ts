import type { OperationAction } from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { imageOf, textOf, type Image } from '../values.ts'
import { amend } from './perform.ts'
import { refuseDenied } from './policy.ts'
import type { OperationRow } from './record.ts'
import { setValues } from './set-values.ts'
import { CannotUndo, restore } from './undo-restore.ts'
import { changedSince, restoringValues, type FieldConflict } from './undo-values.ts'

/** What undoing an action does. */
export const OPPOSITE: Record<OperationAction, OperationAction> = {
  create: 'delete',
  amend: 'delete',
  update: 'update',
  submit: 'cancel',
  cancel: 'amend',
  delete: 'create',
}

/** Undoes the operation of a stored row; fields that stay as they are go to `conflicts`. */
export function undoOne(
  row: OperationRow,
  conflicts: FieldConflict[],
  site: SiteContext,
): Document | null {
  const doctype = textOf(row.reference_doctype)
  refuseDenied(doctype, site)
  if (row.action === 'delete') return restore(row, conflicts, site)
  const document = standingDocument(row, site)
  switch (row.action) {
    case 'create':
    case 'amend':
      return deleteDraft(row, document, site)
    case 'update':
      return putBack(row, document, conflicts, site)
    case 'submit':
      return cancel(document, site)
    default:
      return makeAmendedDraft(document, site)
  }
}

function standingDocument(row: OperationRow, site: SiteContext): Document {
  const [doctype, name] = [textOf(row.reference_doctype), textOf(row.reference_name)]
  if (!site.exists(doctype, name)) throw new CannotUndo('The document is gone.')
  const document = site.getDoc(doctype, name)
  site.checkPermission(doctype, 'read', document)
  return document
}

function deleteDraft(row: OperationRow, document: Document, site: SiteContext): null {
  if (document.docstatus === 1) {
    throw new CannotUndo('The document was submitted since; cancel it first.')
  }
  if (document.docstatus === 2) {
    throw new CannotUndo('ERPNext keeps a cancelled document; it stays as cancelled.')
  }
  const applied = parseImage(row.after_image)
  const changed = changedSince(document.doctype, applied, imageOf(document, site), site)
  if (changed.length) {
    throw new CannotUndo(`The draft was changed since by ${document.modified_by}.`, changed)
  }
  site.delete(document.doctype, document.name)
  return null
}

function putBack(
  row: OperationRow,
  document: Document,
  conflicts: FieldConflict[],
  site: SiteContext,
): Document {
  const images = {
    before: parseImage(row.before_image),
    applied: parseImage(row.after_image),
    current: imageOf(document, site),
  }
  const asked = (parseImage(row.asked).values ?? {}) as Image
  const found = restoringValues(document.doctype, images, asked, site)
  if (!Object.keys(found.values).length) {
    throw new CannotUndo('Nothing of the change stands any more.', found.conflicts)
  }
  conflicts.push(...found.conflicts)
  setValues(document, found.values, site, false)
  return site.save(document)
}

function cancel(document: Document, site: SiteContext): Document {
  if (document.docstatus !== 1) throw new CannotUndo('The document is not submitted any more.')
  return site.cancel(document)
}

function makeAmendedDraft(document: Document, site: SiteContext): Document {
  if (document.docstatus !== 2) throw new CannotUndo('The document is not cancelled any more.')
  const amended = site.getAll(document.doctype, {
    filters: [
      ['amended_from', '=', document.name],
      ['docstatus', '<', 2],
    ],
    limit_page_length: 1,
  })
  if (amended.length) throw new CannotUndo('The document was amended already.')
  return amend(document, {}, site)
}

function parseImage(text: unknown): Image {
  return typeof text === 'string' && text ? (JSON.parse(text) as Image) : {}
}
