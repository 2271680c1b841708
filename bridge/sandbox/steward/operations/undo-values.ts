import type { UndoConflict } from '../../../src/shared/site-protocol.ts'
import type { FieldDefinition, SiteContext } from '../../site/contract.ts'
import {
  isLayout,
  isSecret,
  isTable,
  ROW_LINKS,
  rowsIn,
  same,
  STAMPS,
  textOf,
  type Image,
} from '../values.ts'

/** A conflict before it is known of which operation. */
export type FieldConflict = Omit<UndoConflict, 'operation_id' | 'doctype' | 'name'>

/** What was before, what Steward wrote, what stands there now. */
export interface Images {
  before: Image
  applied: Image
  current: Image
}

/** Values for an update that restores what was before, and what somebody changed since. */
export function restoringValues(
  doctype: string,
  images: Images,
  asked: Image,
  site: SiteContext,
): { values: Image; conflicts: FieldConflict[] } {
  const values: Image = {}
  const conflicts: FieldConflict[] = []
  for (const field of site.meta(doctype).fields) {
    if (isTable(field)) {
      const { rows, found } = restoringRows(field, images, site)
      conflicts.push(...found)
      if (rows) values[field.fieldname] = rows
    } else if (isRestorable(field, asked) && differs(field, images.before, images.applied)) {
      restoreField(field, images, values, conflicts)
    }
  }
  return { values, conflicts }
}

/** What ERPNext computes, it computes again; a field somebody can set is put back. */
function isRestorable(field: FieldDefinition, asked: Image): boolean {
  if (isLayout(field) || isSecret(field)) return false
  return field.fieldname in asked || !(field.read_only || field.hidden || field.fetch_from)
}

function differs(field: FieldDefinition, one: Image, other: Image): boolean {
  return !same(one[field.fieldname], other[field.fieldname], field.fieldtype)
}

function restoreField(
  field: FieldDefinition,
  { before, applied, current }: Images,
  values: Image,
  conflicts: FieldConflict[],
): void {
  const { fieldname } = field
  if (!differs(field, current, applied)) values[fieldname] = before[fieldname]
  else if (differs(field, current, before)) {
    conflicts.push(fieldConflict(field, before[fieldname], applied[fieldname], current[fieldname]))
  }
}

function fieldConflict(
  field: FieldDefinition,
  before: unknown = null,
  applied: unknown = null,
  current: unknown = null,
): FieldConflict {
  return {
    fieldname: field.fieldname,
    label: field.label || field.fieldname,
    before,
    applied,
    current,
    reason: 'It was changed again since.',
  }
}

/** The whole table as it was, rows matched by name; null when there is nothing to put back. */
function restoringRows(
  field: FieldDefinition,
  images: Images,
  site: SiteContext,
): { rows: Image[] | null; found: FieldConflict[] } {
  const [was, wrote, stands] = [images.before, images.applied, images.current].map((image) =>
    byName(image, field.fieldname),
  ) as [Map<string, Image>, Map<string, Image>, Map<string, Image>]
  const columns = restorableColumns(field, site)
  const isUntouched =
    [...was.keys()].join() === [...wrote.keys()].join() &&
    [...was].every(([name, row]) => equalRows(columns, row, wrote.get(name) ?? {}))
  if (isUntouched) return { rows: null, found: [] }
  if (!sameNames(stands, wrote)) {
    const reason = 'Rows were added or removed since.'
    return { rows: null, found: [{ ...fieldConflict(field), reason }] }
  }
  const found: FieldConflict[] = []
  const rows = [...was].map(([name, row]) =>
    restoredRow(field, columns, row, wrote.get(name), stands.get(name), found),
  )
  for (const [name, row] of wrote) {
    const now = stands.get(name) ?? {}
    if (was.has(name) || equalRows(columns, row, now)) continue
    rows.push({ name })
    found.push(rowConflict(field, now))
  }
  return { rows, found }
}

function restoredRow(
  table: FieldDefinition,
  columns: FieldDefinition[],
  row: Image,
  wrote: Image | undefined,
  stands: Image | undefined,
  conflicts: FieldConflict[],
): Image {
  if (!wrote || !stands) {
    const filled = columns.filter((column) => row[column.fieldname])
    return Object.fromEntries(filled.map((column) => [column.fieldname, row[column.fieldname]]))
  }
  const restored: Image = { name: row.name }
  const changed: FieldConflict[] = []
  for (const column of columns) {
    if (!differs(column, row, wrote)) continue
    restoreField(column, { before: row, applied: wrote, current: stands }, restored, changed)
  }
  for (const conflict of changed) {
    const label = `${table.label || table.fieldname}, row ${textOf(row.idx)}: ${conflict.label ?? ''}`
    conflicts.push({ ...conflict, fieldname: table.fieldname, label })
  }
  return restored
}

function rowConflict(field: FieldDefinition, row: Image): FieldConflict {
  const label = `${field.label || field.fieldname}, row ${textOf(row.idx)}`
  return { ...fieldConflict(field), label, reason: 'The row was changed since it was added.' }
}

/** What people changed in a document after Steward made it. */
export function changedSince(
  doctype: string,
  applied: Image,
  current: Image,
  site: SiteContext,
): FieldConflict[] {
  const changed: FieldConflict[] = []
  for (const field of site.meta(doctype).fields) {
    if (isTable(field)) {
      const [one, other] = [byName(applied, field.fieldname), byName(current, field.fieldname)]
      const columns = restorableColumns(field, site)
      const isSame =
        sameNames(one, other) &&
        [...one].every(([name, row]) => equalRows(columns, row, other.get(name) ?? {}))
      if (!isSame) changed.push(fieldConflict(field))
    } else if (isRestorable(field, {}) && field.fieldname !== 'status') {
      if (!differs(field, applied, current)) continue
      const { fieldname } = field
      changed.push(fieldConflict(field, null, applied[fieldname], current[fieldname]))
    }
  }
  return changed
}

/** A stored image as the content of a new document. */
export function insertable(image: Image): Image {
  const dropped = new Set([...STAMPS, 'name', 'docstatus', 'idx', 'amended_from'])
  const members = Object.entries(image)
    .filter(([key]) => !dropped.has(key) && !key.startsWith('_'))
    .map(([key, value]) => [key, Array.isArray(value) ? value.map(insertableRow) : value])
  return Object.fromEntries(members) as Image
}

function insertableRow(row: Image): Image {
  const cells = Object.entries(row).filter(([key]) => !STAMPS.has(key) && !ROW_LINKS.has(key))
  return Object.fromEntries(cells)
}

function restorableColumns(field: FieldDefinition, site: SiteContext): FieldDefinition[] {
  return site.meta(field.options ?? '').fields.filter((column) => isRestorable(column, {}))
}

function byName(image: Image, fieldname: string): Map<string, Image> {
  return new Map(rowsIn(image, fieldname).map((row) => [textOf(row.name), row]))
}

function sameNames(one: Map<string, Image>, other: Map<string, Image>): boolean {
  return one.size === other.size && [...one.keys()].every((name) => other.has(name))
}

function equalRows(columns: FieldDefinition[], one: Image, other: Image): boolean {
  return columns.every((column) => !differs(column, one, other))
}
