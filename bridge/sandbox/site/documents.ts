import type { Document, DocumentInput, FieldDefinition, Value } from './contract.ts'
import { doesNotExist, validationError } from './errors.ts'
import { castValue, emptyValue } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import type { Row } from './table.ts'

/** A stored document with its child tables; null when there is none. */
export function loadDocument(site: InnerSite, doctype: string, name: string): Document | null {
  const meta = site.state.metas.get(doctype)
  const row = site.state.store.table(doctype).get(name)
  if (!row) return meta.isSingle ? emptySingle(site, meta) : null
  return assemble(site, meta, row)
}

export function requireDocument(site: InnerSite, doctype: string, name: string): Document {
  const document = loadDocument(site, doctype, name)
  if (!document) throw doesNotExist(doctype, name)
  return document
}

function assemble(site: InnerSite, meta: Meta, row: Row): Document {
  const document = { doctype: meta.name, ...row } as unknown as Document
  for (const field of meta.tables) {
    const childDoctype = field.options ?? ''
    if (!site.state.metas.has(childDoctype)) continue
    const rows = site.state.store
      .table(childDoctype)
      .children(meta.name, document.name, field.fieldname)
    document[field.fieldname] = rows.map(
      (child) => ({ doctype: childDoctype, ...child }) as unknown as Document,
    )
  }
  return document
}

/** A single exists before it is ever saved, with its defaults. */
function emptySingle(site: InnerSite, meta: Meta): Document {
  return { ...site.newDoc(meta.name), name: meta.name }
}

/** Fields the application may hand over for one call only; never stored. */
const TRANSIENT = /^__/

/** The document as its columns hold it: every column present and cast, unknown keys dropped. */
export function materialize(site: InnerSite, input: DocumentInput): Document {
  const meta = site.state.metas.get(input.doctype)
  const document: Record<string, unknown> = { doctype: meta.name }
  for (const [key, value] of Object.entries(input)) {
    if (TRANSIENT.test(key)) document[key] = value
  }
  for (const column of meta.columns) {
    document[column.fieldname] = columnValue(meta, column, input[column.fieldname])
  }
  for (const field of meta.tables) {
    document[field.fieldname] = childRows(site, field, input[field.fieldname])
  }
  document.name = document.name ?? ''
  return document as Document
}

function columnValue(meta: Meta, column: FieldDefinition, value: unknown): Value {
  if (value === undefined || value === null) return emptyValue(column.fieldtype)
  if (Array.isArray(value)) {
    throw validationError(`Value for ${meta.label(column.fieldname)} cannot be a list`)
  }
  const cast = castValue(column.fieldtype, value)
  return column.unique && cast === '' ? null : cast
}

function childRows(site: InnerSite, field: FieldDefinition, value: unknown): Document[] {
  if (value === undefined || value === null || value === '') return []
  if (!Array.isArray(value)) throw validationError(`${field.label} must be a list of rows`)
  return value.map((row: unknown, index) => {
    const child = materialize(site, {
      ...(row as Record<string, unknown>),
      doctype: field.options ?? '',
    })
    // A row that brings its number keeps it, as Frappe has it.
    child.idx ||= index + 1
    child.parentfield = field.fieldname
    return child
  })
}

/** Child rows of all tables. */
export function allChildren(document: Document, meta: Meta): Document[] {
  return meta.tables.flatMap((field) => (document[field.fieldname] as Document[] | undefined) ?? [])
}

/** The row that is stored for a document: its columns and nothing else. */
export function toRow(document: Document, meta: Meta): Row {
  const row: Row = {}
  for (const column of meta.columns) {
    const value = document[column.fieldname]
    row[column.fieldname] =
      value === undefined || value === null || Array.isArray(value)
        ? emptyValue(column.fieldtype)
        : castValue(column.fieldtype, value)
  }
  return row
}
