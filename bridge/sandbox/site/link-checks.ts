import type { Document, FieldDefinition } from './contract.ts'
import { allChildren } from './documents.ts'
import { SiteError, validationError } from './errors.ts'
import { castValue } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import type { Row } from './table.ts'

/** Every link must exist; its spelling becomes the target's own, and `fetch_from` fields are filled. */
export function validateLinks(
  site: InnerSite,
  document: Document,
  meta: Meta,
  isNew: boolean,
): void {
  const invalid: string[] = []
  const cancelled: string[] = []
  for (const part of [document, ...allChildren(document, meta)]) {
    const partMeta = site.state.metas.get(part.doctype)
    for (const field of [...partMeta.links, ...partMeta.dynamicLinks]) {
      const target = checkLink(site, part, field, partMeta, isNew)
      if (target === 'missing') invalid.push(linkMessage(part, field))
      if (target === 'cancelled' && meta.isSubmittable) cancelled.push(linkMessage(part, field))
    }
  }
  if (invalid.length) {
    throw new SiteError('LinkValidationError', `Could not find ${invalid.join(', ')}`)
  }
  if (cancelled.length) {
    throw new SiteError(
      'CancelledLinkError',
      `Cannot link cancelled document: ${cancelled.join(', ')}`,
    )
  }
}

function checkLink(
  site: InnerSite,
  part: Document,
  field: FieldDefinition,
  meta: Meta,
  isNew: boolean,
): 'ok' | 'missing' | 'cancelled' {
  const value = part[field.fieldname]
  if (!value) return 'ok'
  const doctype = targetDoctype(part, field, meta)
  if (!site.state.metas.has(doctype)) {
    return doctype === 'DocType' && site.state.metas.has(String(value)) ? 'ok' : 'missing'
  }
  if (doctype === 'DocType') return site.state.metas.has(String(value)) ? 'ok' : 'missing'
  const target = site.state.store.table(doctype).get(String(value))
  if (!target) return site.state.metas.get(doctype).isSingle ? 'ok' : 'missing'
  part[field.fieldname] = String(target.name)
  fetchFrom(part, field, target, meta, isNew)
  const isCancelled = field.fieldname !== 'amended_from' && target.docstatus === 2
  return isCancelled && site.state.metas.get(doctype).isSubmittable ? 'cancelled' : 'ok'
}

function targetDoctype(part: Document, field: FieldDefinition, meta: Meta): string {
  if (field.fieldtype === 'Link') {
    if (field.options) return field.options
    throw validationError(`Options not set for link field ${field.fieldname}`)
  }
  const doctype = part[field.options ?? '']
  if (doctype) return String(doctype)
  throw validationError(`${meta.label(field.options ?? '')} must be set first`)
}

function fetchFrom(
  part: Document,
  link: FieldDefinition,
  target: Row,
  meta: Meta,
  isNew: boolean,
): void {
  for (const field of meta.fields) {
    if (!field.fetch_from?.startsWith(`${link.fieldname}.`)) continue
    if (field.fetch_if_empty && part[field.fieldname]) continue
    if (!isNew && part.docstatus === 1 && !field.allow_on_submit) continue
    const source = field.fetch_from.split('.').at(-1) ?? ''
    if (source in target) part[field.fieldname] = castValue(field.fieldtype, target[source])
  }
}

function linkMessage(part: Document, field: FieldDefinition): string {
  const place = part.parentfield ? `Row #${part.idx}: ` : ''
  return `${place}${field.label}: ${String(part[field.fieldname])}`
}
