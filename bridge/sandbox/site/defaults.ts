import type { Document, FieldDefinition } from './contract.ts'
import { emptyValue, hasColumn, isTableField } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import { userPermissionsFor } from './permissions/user-permissions.ts'

/** A new document with the defaults this user gets: permitted value, user default, static default. */
export function newDocument(site: InnerSite, meta: Meta, parent?: Document): Document {
  const document: Record<string, unknown> = { doctype: meta.name, name: '' }
  for (const column of meta.columns) document[column.fieldname] = emptyValue(column.fieldtype)
  document.owner = site.user
  for (const field of meta.fields) {
    if (isTableField(field)) document[field.fieldname] = []
    if (!hasColumn(field)) continue
    const value = defaultValue(site, meta, field, parent)
    if (value !== null) document[field.fieldname] = value
  }
  return document as Document
}

function defaultValue(
  site: InnerSite,
  meta: Meta,
  field: FieldDefinition,
  parent: Document | undefined,
): string | number | null {
  return (
    userDefault(site, meta, field) ??
    (field.fieldname === meta.definition.title_field ? null : staticDefault(site, field)) ??
    dynamicDefault(site, field, parent)
  )
}

function userDefault(site: InnerSite, meta: Meta, field: FieldDefinition): string | null {
  if (field.fieldtype !== 'Link' || !field.options || field.options === 'User') return null
  const allowed = userPermissionsFor(site, field.options, meta.name)
  if (allowed && !field.ignore_user_permissions && allowed.defaultName) return allowed.defaultName
  const value = site.getDefault(field.fieldname)
  if (!value || (allowed && !allowed.names.has(value))) return null
  return site.state.metas.has(field.options) && site.exists(field.options, value) ? value : null
}

function staticDefault(site: InnerSite, field: FieldDefinition): string | number | null {
  const given = field.default
  if (given !== undefined && given !== null && String(given) !== '') {
    if (given === '__user') return site.user
    if (given.toLowerCase?.() === 'today') return site.today()
    if (String(given).startsWith(':') || String(given).toLowerCase() === 'now') return null
    return given
  }
  if (field.fieldtype !== 'Select' || !field.options) return null
  return field.options.split('\n')[0] || null
}

/** `Now`, and `:Company`: the field of the same name of the default document of that doctype. */
function dynamicDefault(
  site: InnerSite,
  field: FieldDefinition,
  parent: Document | undefined,
): string | number | null {
  const given = String(field.default ?? '')
  if (given.toLowerCase() === 'now') return nowFor(site, field.fieldtype)
  if (!given.startsWith(':') || field.fieldtype !== 'Link') return null
  const doctype = given.slice(1)
  const key = doctype.toLowerCase().replaceAll(' ', '_')
  const name = (parent?.[key] as string | null | undefined) ?? site.getDefault(key)
  if (!name || !site.hasMeta(doctype) || !site.exists(doctype, name)) return null
  return site.getValue(doctype, name, field.fieldname) as string | number | null
}

function nowFor(site: InnerSite, fieldtype: string): string {
  const now = site.now()
  if (fieldtype === 'Time') return now.slice(11)
  return fieldtype === 'Date' ? now.slice(0, 10) : now
}

/** Fills what a new document leaves empty; zero of a number counts as given only when handed in. */
export function fillDefaults(
  site: InnerSite,
  meta: Meta,
  document: Document,
  given: ReadonlySet<string>,
  parent?: Document,
): void {
  const defaults = newDocument(site, meta, parent)
  for (const field of meta.fields) {
    if (!hasColumn(field)) continue
    const current = document[field.fieldname]
    const missing = current === null || (!given.has(field.fieldname) && !current)
    if (missing) document[field.fieldname] = defaults[field.fieldname]
  }
}
