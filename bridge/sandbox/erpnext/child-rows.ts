import { randomBytes } from 'node:crypto'
import type { Document, SiteContext } from '../site/contract.ts'
import { rowsOf } from './document-fields.ts'

/** Appends a row that the application itself makes, complete as if it had been handed in. */
export function appendRow(
  document: Document,
  field: string,
  values: Record<string, unknown>,
  site: SiteContext,
): Document {
  const doctype = site.meta(document.doctype).fields.find((entry) => entry.fieldname === field)
  const rows = rowsOf(document, field)
  const row = site.newDoc(doctype?.options ?? '', values)
  row.name = randomBytes(5).toString('hex')
  row.parent = document.name
  row.parenttype = document.doctype
  row.parentfield = field
  row.idx = rows.length + 1
  row.docstatus = document.docstatus
  row.owner ??= document.owner
  row.creation = document.creation
  row.modified = document.modified
  row.modified_by = document.modified_by
  document[field] = [...rows, row]
  return row
}
