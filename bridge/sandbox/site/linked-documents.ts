import type { Document } from './contract.ts'
import { fold } from './collation.ts'
import { SiteError } from './errors.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import type { Row } from './table.ts'

/** Doctypes whose links never hold a document back (Frappe's and ERPNext's `ignore_links_on_delete`). */
const NEVER_HOLDING = new Set([
  'Communication',
  'ToDo',
  'DocShare',
  'Email Unsubscribe',
  'Activity Log',
  'File',
  'Version',
  'Document Follow',
  'Comment',
  'View Log',
  'Tag Link',
  'Notification Log',
  'Email Queue',
  'Deleted Document',
  'DefaultValue',
  'Has Role',
  'Steward Operation',
  'Steward Request',
  'OAuth Bearer Token',
  'OAuth Authorization Code',
])

/** Refuses to delete a document something links to, or to cancel one a submitted document links to. */
export function checkNoBackLinks(
  site: InnerSite,
  document: Document,
  meta: Meta,
  method: 'Delete' | 'Cancel',
): void {
  const ignored = new Set(
    site.state.controllersOf(meta.name).flatMap((hooks) => hooks.ignoreLinkedDoctypes ?? []),
  )
  for (const { holder, row } of backLinks(site, document)) {
    const owner = ownerOf(site, holder, row)
    if (!owner || NEVER_HOLDING.has(owner.doctype)) continue
    if (method === 'Cancel' && ignored.has(owner.doctype)) continue
    if (owner.doctype === document.doctype && owner.name === document.name) continue
    if (!holdsBack(method, owner.docstatus)) continue
    const target = `${document.doctype} ${linkTo(document.doctype, document.name)}`
    throw new SiteError(
      'LinkExistsError',
      `Cannot delete or cancel because ${target} is linked with ${owner.doctype} ${linkTo(owner.doctype, owner.name)} ${rowText(row)}`.trim(),
    )
  }
}

function holdsBack(method: 'Delete' | 'Cancel', docstatus: number): boolean {
  return method === 'Delete' ? docstatus !== 2 : docstatus === 1
}

function* backLinks(site: InnerSite, document: Document): Generator<{ holder: Meta; row: Row }> {
  const wanted = fold(document.name)
  for (const { meta, field } of site.state.metas.linksTo(document.doctype)) {
    if (meta.isSingle || field.fieldname === 'amended_from') continue
    for (const row of site.state.store.table(meta.name).rows()) {
      const value = row[field.fieldname]
      if (typeof value === 'string' && fold(value) === wanted) yield { holder: meta, row }
    }
  }
  yield* dynamicBackLinks(site, document)
}

function* dynamicBackLinks(
  site: InnerSite,
  document: Document,
): Generator<{ holder: Meta; row: Row }> {
  for (const meta of site.state.metas.all()) {
    for (const field of meta.dynamicLinks) {
      for (const row of site.state.store.table(meta.name).rows()) {
        const isSame = row[field.options ?? ''] === document.doctype
        if (isSame && row[field.fieldname] === document.name) yield { holder: meta, row }
      }
    }
  }
}

/** The document a linking row belongs to: itself, or the parent of a child row. */
function ownerOf(
  site: InnerSite,
  holder: Meta,
  row: Row,
): { doctype: string; name: string; docstatus: number } | null {
  if (!holder.isTable) {
    return { doctype: holder.name, name: String(row.name), docstatus: Number(row.docstatus) }
  }
  const parent = site.state.store.table(String(row.parenttype)).get(String(row.parent))
  if (!parent) return null
  return {
    doctype: String(row.parenttype),
    name: String(parent.name),
    docstatus: Number(parent.docstatus),
  }
}

function linkTo(doctype: string, name: string): string {
  const route = doctype.toLowerCase().replaceAll(' ', '-')
  return `<a href="/app/${route}/${encodeURIComponent(name)}">${name}</a>`
}

function rowText(row: Row): string {
  return row.parent ? `at Row: ${row.idx}` : ''
}
