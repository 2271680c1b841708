import type { Document, DocumentInput, FieldDefinition, SiteContext } from '../../site/contract.ts'
import { isVirtual } from '../doctypes.ts'
import { isLayout, isSecret, isTable, ROW_LINKS, STAMPS, textOf } from '../values.ts'
import { isObject } from './request.ts'
import { refuse } from './refusal.ts'

type Content = Record<string, unknown>

/** Puts what was asked for into a document; fields that nobody may set are refused. */
export function setValues(
  document: DocumentInput | Document,
  values: Content,
  site: SiteContext,
  isNew: boolean,
): void {
  const content = document as Content
  for (const [fieldname, value] of Object.entries(values)) {
    if (fieldname === 'name') {
      setNewName(content, value, document.doctype, site, isNew)
      continue
    }
    const field = settableField(document.doctype, fieldname, site)
    if (isTable(field)) content[fieldname] = newTable(content, field, value, site)
    else if (typeof value === 'object' && value !== null) {
      refuse(`${field.label || fieldname} holds one value, not a list.`)
    } else content[fieldname] = typeof value === 'boolean' ? Number(value) : value
  }
}

function setNewName(
  content: Content,
  value: unknown,
  doctype: string,
  site: SiteContext,
  isNew: boolean,
): void {
  const isPrompt = (site.meta(doctype).autoname ?? '').toLowerCase() === 'prompt'
  if (!isNew || !isPrompt) refuse(`ERPNext names a ${doctype} itself.`)
  content.__newname = value
  content.name = value
}

function settableField(doctype: string, fieldname: string, site: SiteContext): FieldDefinition {
  const field = site.meta(doctype).fields.find((entry) => entry.fieldname === fieldname)
  const never = STAMPS.has(fieldname) || ROW_LINKS.has(fieldname) || fieldname === 'amended_from'
  if (!field || never || isLayout(field) || isVirtual(field)) {
    return refuse(`${doctype} has no field <strong>${fieldname}</strong> that can be set.`)
  }
  if (isSecret(field)) refuse('Steward does not set passwords.', 'PermissionError')
  return field
}

/** The complete new table: rows left out go, rows with a name keep the columns not mentioned. */
function newTable(
  content: Content,
  field: FieldDefinition,
  rows: unknown,
  site: SiteContext,
): Content[] {
  if (!Array.isArray(rows) || !rows.every(isObject)) {
    return refuse(`${field.fieldname} must be a list of rows.`)
  }
  const current = (content[field.fieldname] as Content[] | undefined) ?? []
  const existing = new Map(current.map((row) => [textOf(row.name), row]))
  return rows.map(({ name, ...cells }) => {
    const kept = name ? existing.get(textOf(name)) : {}
    if (!kept) {
      return refuse(
        `${textOf(content.doctype)} ${textOf(content.name)} has no row ${textOf(name)}.`,
      )
    }
    for (const column of Object.keys(cells)) settableField(field.options ?? '', column, site)
    return { ...kept, ...cells }
  })
}
