import type { Document, DocumentInput, SiteContext } from '../../site/contract.ts'
import { makeFromSource } from './mappings.ts'
import { refuseDenied } from './policy.ts'
import { refuse } from './refusal.ts'
import type { Operation } from './request.ts'
import { textOf } from '../values.ts'
import { setValues } from './set-values.ts'
import { cancel, submit } from './workflow.ts'

/** Does one operation as the person; the document, or null when it was deleted. */
export type Performer = (
  operation: Operation,
  name: string | null,
  values: Record<string, unknown>,
  source: Record<string, unknown> | null,
  site: SiteContext,
) => Document | null

export const perform: Performer = (operation, name, values, source, site) => {
  refuseDenied(operation.doctype, site)
  if (operation.action === 'create') return create(operation.doctype, values, source, site)
  const document = load(operation, name ?? '', site)
  switch (operation.action) {
    case 'update':
      setValues(document, values, site, false)
      return site.save(document)
    case 'submit':
      return submit(document, site)
    case 'cancel':
      return cancel(document, site)
    case 'amend':
      return amend(document, values, site)
    case 'delete':
      site.delete(document.doctype, document.name)
      return null
  }
}

/** The document as it is now; refused when somebody changed it since. */
function load(operation: Operation, name: string, site: SiteContext): Document {
  const document = site.getDoc(operation.doctype, name)
  site.checkPermission(operation.doctype, 'read', document)
  if (operation.base_modified && operation.base_modified !== document.modified) {
    refuse(
      `${document.doctype} <strong>${document.name}</strong> was changed by ${document.modified_by} in the meantime.`,
      'TimestampMismatchError',
    )
  }
  return document
}

function create(
  doctype: string,
  values: Record<string, unknown>,
  source: Record<string, unknown> | null,
  site: SiteContext,
): Document {
  site.checkPermission(doctype, 'create')
  const document: DocumentInput = source ? makeFromSource(doctype, source, site) : { doctype }
  setValues(document, values, site, true)
  if (!source) lookUp(document, site)
  return site.insert(document)
}

/** ERPNext's own filling of a new document stumbles over what is unknown or missing, before any check. */
function lookUp(document: DocumentInput, site: SiteContext): void {
  const { fields } = site.meta(document.doctype)
  const items = fields.find((field) => field.fieldname === 'items' && field.reqd)
  if (!items || !fields.some((field) => field.fieldname === 'grand_total')) return
  for (const party of fields.filter(({ fieldname }) => /^(customer|supplier)$/.test(fieldname))) {
    const name = textOf(document[party.fieldname])
    const type = party.options ?? ''
    if (name && !site.exists(type, name)) refuse(`${type} ${name} not found`, 'DoesNotExistError')
  }
  const rows = document.items
  if (Array.isArray(rows) && rows.length > 0) return
  site.msgprint(`Value missing for ${document.doctype}: ${items.label}`)
  refuse(`Value missing for ${document.doctype}: ${items.label}`, 'MandatoryError')
}

/** A copy of a cancelled document as a new draft that says what it amends. */
export function amend(
  document: Document,
  values: Record<string, unknown>,
  site: SiteContext,
): Document {
  site.checkPermission(document.doctype, 'amend', document)
  const amended = withoutIdentity(document)
  for (const [fieldname, value] of Object.entries(amended)) {
    if (Array.isArray(value)) {
      amended[fieldname] = value.map((row: Document) => withoutIdentity(row))
    }
  }
  const input = { ...amended, doctype: document.doctype, docstatus: 0, amended_from: document.name }
  setValues(input, values, site, true)
  return site.insert(input)
}

function withoutIdentity(document: Document): Record<string, unknown> {
  const { name, owner, creation, modified, modified_by, docstatus, ...content } = document
  return content
}
