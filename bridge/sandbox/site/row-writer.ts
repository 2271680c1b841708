import type { Document } from './contract.ts'
import { allChildren, toRow } from './documents.ts'
import { SiteError } from './errors.ts'
import { castValue, emptyValue } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import { hashName } from './naming.ts'
import type { Row } from './table.ts'

/** Stores a new document and its child rows; a taken name or unique value is refused. */
export function insertRows(site: InnerSite, document: Document, meta: Meta): void {
  const table = site.state.store.table(meta.name)
  if (!meta.isSingle && table.get(document.name)) throw duplicateName(site, document)
  checkUnique(site, document, meta)
  table.put(toRow(document, meta))
  for (const row of allChildren(document, meta)) insertChild(site, row)
}

function insertChild(site: InnerSite, row: Document): void {
  const meta = site.state.metas.get(row.doctype)
  checkUnique(site, row, meta)
  site.state.store.table(meta.name).put(toRow(row, meta))
}

/** Writes every column, and replaces child tables: rows that are not in the document go. */
export function updateRows(site: InnerSite, document: Document, meta: Meta): void {
  checkUnique(site, document, meta)
  site.state.store.table(meta.name).put(toRow(document, meta))
  for (const field of meta.tables) {
    const rows = (document[field.fieldname] as Document[] | undefined) ?? []
    replaceChildren(site, document, field.fieldname, field.options ?? '', rows)
  }
}

function replaceChildren(
  site: InnerSite,
  document: Document,
  fieldname: string,
  childDoctype: string,
  rows: Document[],
): void {
  const table = site.state.store.table(childDoctype)
  const kept = new Set(rows.map((row) => row.name))
  for (const stored of table.children(document.doctype, document.name, fieldname)) {
    if (!kept.has(String(stored.name))) table.remove(String(stored.name))
  }
  for (const row of rows) insertChild(site, row)
}

/** A row written without events, as ledger entries and `db_insert` are. */
export function insertPlainRow(site: InnerSite, document: Document, meta: Meta): void {
  document.name ||= hashName()
  insertRows(site, document, meta)
}

/** Columns written without events (`frappe.db.set_value`). */
export function setColumns(
  site: InnerSite,
  meta: Meta,
  name: string,
  values: Record<string, unknown>,
): void {
  const table = site.state.store.table(meta.name)
  const row = table.get(name)
  if (!row) return
  const changed = { ...row }
  for (const [fieldname, value] of Object.entries(values)) {
    const type = meta.field(fieldname)?.fieldtype ?? 'Data'
    changed[fieldname] =
      value === null || value === undefined ? emptyValue(type) : castValue(type, value)
  }
  table.put(changed)
}

/** Rows deleted without events (`frappe.db.delete`). */
export function removePlainRows(
  site: InnerSite,
  doctype: string,
  filters: Record<string, unknown>,
): void {
  const table = site.state.store.table(doctype)
  const wanted = Object.entries(filters)
  for (const row of [...table.rows()]) {
    if (wanted.every(([column, value]) => row[column] === value)) table.remove(String(row.name))
  }
}

function checkUnique(site: InnerSite, document: Document, meta: Meta): void {
  for (const field of meta.fields) {
    const value = document[field.fieldname]
    if (!field.unique || value === null || value === undefined || value === '') continue
    if (!holds(site.state.store.table(meta.name).rows(), field.fieldname, value, document.name)) {
      continue
    }
    site.msgprint(`${field.label} must be unique`)
    throw new SiteError('UniqueValidationError', `('${meta.name}', '${document.name}')`, {
      silent: true,
    })
  }
}

function holds(rows: Iterable<Row>, fieldname: string, value: unknown, except: string): boolean {
  const wanted = typeof value === 'string' ? value.toLowerCase() : value
  for (const row of rows) {
    const current = row[fieldname]
    const same = (typeof current === 'string' ? current.toLowerCase() : current) === wanted
    if (same && row.name !== except) return true
  }
  return false
}

function duplicateName(site: InnerSite, document: Document): SiteError {
  const message = `${document.doctype} <strong>${document.name}</strong> already exists`
  site.messages.push({ message, title: 'Duplicate Name', indicator: 'red' })
  return new SiteError('DuplicateEntryError', `('${document.doctype}', '${document.name}')`, {
    silent: true,
  })
}
