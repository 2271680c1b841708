import type { Document, WriteOptions } from './contract.ts'
import { allChildren, loadDocument } from './documents.ts'
import { permissionError, SiteError, validationError } from './errors.ts'
import type { InnerSite } from './inner-site.ts'
import { checkNoBackLinks } from './linked-documents.ts'
import type { Meta } from './metas.ts'
import { hasPermission } from './permissions/has-permission.ts'
import { refusalReasons } from './permissions/refusal-reasons.ts'
import { revertSeriesIfLast } from './series.ts'

/** `frappe.delete_doc`: leaves a Deleted Document with the whole JSON, gives the number back if last. */
export function deleteDocument(
  site: InnerSite,
  doctype: string,
  name: string,
  options: WriteOptions,
): void {
  const meta = site.state.metas.get(doctype)
  const document = loadDocument(site, doctype, name)
  if (!document)
    throw new SiteError('DoesNotExistError', `${doctype} ${name} not found`, { silent: true })
  checkMayDelete(site, meta, document, options)
  const controllers = site.state.controllersOf(doctype)
  for (const controller of controllers) controller.onTrash?.(document, site)
  if (!options.force) checkNoBackLinks(site, document, meta, 'Delete')
  revertSeriesIfLast(document, meta, site)
  removeRows(site, document, meta)
  for (const controller of controllers) controller.afterDelete?.(document, site)
  removeAttachments(site, document)
  removeReferences(site, document)
  if (doctype !== 'Deleted Document') recordDeletion(site, document)
}

function checkMayDelete(
  site: InnerSite,
  meta: Meta,
  document: Document,
  options: WriteOptions,
): void {
  const { doctype, name } = document
  if (!options.ignorePermissions && !hasPermission(site, doctype, 'delete', document)) {
    site.msgprint(refusalReasons(site, document, 'delete'))
    throw permissionError(`User not allowed to delete ${doctype}: ${name}`)
  }
  if (document.docstatus !== 1 || !meta.isSubmittable) return
  throw validationError(
    `${doctype} ${name}: Submitted Record cannot be deleted. You must <a href='https://docs.erpnext.com//docs/user/manual/en/setting-up/articles/delete-submitted-document' target='_blank'> Cancel </a> it first.`,
  )
}

function removeRows(site: InnerSite, document: Document, meta: Meta): void {
  for (const row of allChildren(document, meta)) {
    site.state.store.table(row.doctype).remove(row.name)
  }
  site.state.store.table(meta.name).remove(document.name)
}

function removeAttachments(site: InnerSite, document: Document): void {
  for (const row of [...site.state.store.table('File').rows()]) {
    const isAttached =
      row.attached_to_doctype === document.doctype && row.attached_to_name === document.name
    if (!isAttached || !loadDocument(site, 'File', String(row.name))) continue
    deleteDocument(site, 'File', String(row.name), { ignorePermissions: true, force: true })
  }
}

/** What people hung on it; Frappe does this in a job (`delete_dynamic_links`). */
const REFERENCES: [doctype: string, typeField: string, nameField: string][] = [
  ['ToDo', 'reference_type', 'reference_name'],
  ['DocShare', 'share_doctype', 'share_name'],
  ['Comment', 'reference_doctype', 'reference_name'],
  ['Tag Link', 'document_type', 'document_name'],
]

function removeReferences(site: InnerSite, document: Document): void {
  for (const [doctype, typeField, nameField] of REFERENCES) {
    site.dbDelete(doctype, { [typeField]: document.doctype, [nameField]: document.name })
  }
}

function recordDeletion(site: InnerSite, document: Document): void {
  site.insert(
    {
      doctype: 'Deleted Document',
      deleted_doctype: document.doctype,
      deleted_name: document.name,
      data: JSON.stringify(document),
      owner: site.user,
    },
    { ignorePermissions: true },
  )
}
