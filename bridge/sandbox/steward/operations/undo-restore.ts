import type { Document, SiteContext } from '../../site/contract.ts'
import { textOf, type Image } from '../values.ts'
import { NO_COMPANIONS, type Companions } from './companions.ts'
import type { OperationRow } from './record.ts'
import { putBackCompanions } from './undo-companions.ts'
import { insertable, type FieldConflict } from './undo-values.ts'

/** It stays as it is; `conflicts` say what stands in the way. */
export class CannotUndo extends Error {
  readonly conflicts: FieldConflict[]

  constructor(reason: string, conflicts: FieldConflict[] = []) {
    super(reason)
    this.name = 'CannotUndo'
    this.conflicts = conflicts
  }
}

/** The deleted document under its old name; what does not come back goes to `conflicts`. */
export function restore(
  row: OperationRow,
  conflicts: FieldConflict[],
  site: SiteContext,
): Document {
  const [doctype, name] = [textOf(row.reference_doctype), textOf(row.reference_name)]
  if (site.exists(doctype, name)) throw new CannotUndo(`There is a ${doctype} ${name} again.`)
  site.checkPermission(doctype, 'create')
  const image = JSON.parse(textOf(row.before_image)) as Image
  const companions = JSON.parse(textOf(row.companions) || 'null') as Companions | null
  const document =
    image.docstatus === 2
      ? insertCancelled(doctype, image, site)
      : insertDraft(doctype, name, image, Boolean(companions?.documents.length), site)
  site.takeNumber(document)
  const lost = putBackCompanions(textOf(row.name), document, companions ?? NO_COMPANIONS, site)
  conflicts.push(...lost.map((reason) => ({ fieldname: null, label: null, reason })))
  markRestored(doctype, name, document.name, site)
  return site.getDoc(doctype, document.name)
}

/** It may name documents that went with it (a customer its contact); they follow. */
function insertDraft(
  doctype: string,
  name: string,
  image: Image,
  ignoreLinks: boolean,
  site: SiteContext,
): Document {
  const amendedFrom = textOf(image.amended_from)
  const input = {
    ...insertable(image),
    doctype,
    ...(amendedFrom && site.exists(doctype, amendedFrom) ? { amended_from: amendedFrom } : {}),
  }
  const document = site.insert(input, { setName: name, ignoreLinks })
  const stamps = { owner: image.owner, creation: image.creation }
  site.dbSet(doctype, document.name, stamps, false)
  return document
}

/** Row by row as it was: it was submitted and cancelled before, so nothing of that happens again. */
function insertCancelled(doctype: string, image: Image, site: SiteContext): Document {
  site.checkPermission(doctype, 'cancel')
  return site.dbInsert({ ...image, doctype })
}

function markRestored(doctype: string, name: string, newName: string, site: SiteContext): void {
  const [deleted] = site.getAll('Deleted Document', {
    filters: { deleted_doctype: doctype, deleted_name: name, restored: 0 },
    order_by: 'creation desc',
    limit_page_length: 1,
  })
  if (!deleted) return
  site.dbSet('Deleted Document', textOf(deleted.name), { restored: 1, new_name: newName })
}
