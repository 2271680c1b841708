import { randomBytes } from 'node:crypto'
import type { Document } from './contract.ts'
import { SiteError, validationError } from './errors.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'
import { defaultSeries, expandSeries } from './series.ts'

/** Names a new document in Frappe's order: number, amended, controller, doctype's own, hash. */
export function setNewName(
  document: Document,
  meta: Meta,
  site: InnerSite,
  setName?: string,
): void {
  const wanted = setName ?? promptedName(document, meta)
  document.name = wanted ?? newName(document, meta, site)
  validateName(document, meta)
}

/** Only `Prompt` lets the caller choose; any other name in a body is dropped. */
function promptedName(document: Document, meta: Meta): string | undefined {
  if (!isPrompt(meta)) return undefined
  const name = document.__newname ?? document.name
  if (!name) throw validationError('Please set the document name')
  return String(name)
}

function isPrompt(meta: Meta): boolean {
  return (meta.definition.autoname ?? '').toLowerCase().startsWith('prompt')
}

function newName(document: Document, meta: Meta, site: InnerSite): string {
  document.name = ''
  if (meta.definition.autoname === 'autoincrement') return nextNumber(meta.name, site)
  if (document.amended_from) return amendedName(meta.name, String(document.amended_from), site)
  if (meta.isSingle) return meta.name
  for (const controller of site.state.controllersOf(meta.name)) {
    const name = controller.autoname?.(document, site)
    if (name) return name
  }
  return nameByDefinition(document, meta, site) ?? hashName()
}

function nameByDefinition(document: Document, meta: Meta, site: InnerSite): string | null {
  const autoname = meta.definition.autoname ?? ''
  const rule = autoname.toLowerCase()
  if (rule.startsWith('field:')) return fieldName(document, meta, autoname.slice(6))
  if (rule.startsWith('naming_series:')) return seriesName(document, meta, site)
  if (rule.startsWith('format:')) return formatName(document, autoname.slice(7), site)
  if (autoname.includes('#')) return expandSeries(autoname, document, site)
  return null
}

function fieldName(document: Document, meta: Meta, fieldname: string): string {
  const name = String(document[fieldname] ?? '').trim()
  if (!name) throw validationError(`${meta.label(fieldname)} is required`)
  return name
}

function seriesName(document: Document, meta: Meta, site: InnerSite): string {
  document.naming_series ||= defaultSeries(meta)
  if (!document.naming_series) throw validationError('Naming Series mandatory')
  return expandSeries(`${String(document.naming_series)}.#####`, document, site)
}

function formatName(document: Document, pattern: string, site: InnerSite): string {
  return pattern.replace(/\{([^{}]+)\}/g, (_match, part: string) =>
    expandSeries(part, document, site),
  )
}

function nextNumber(doctype: string, site: InnerSite): string {
  const key = `*autoincrement ${doctype}`
  const next = site.state.store.series(key) + 1
  site.state.store.setSeries(key, next)
  return String(next)
}

function amendedName(doctype: string, amendedFrom: string, site: InnerSite): string {
  const original = site.state.store.table(doctype).get(amendedFrom)
  if (!original?.amended_from) return `${amendedFrom}-1`
  const parts = amendedFrom.split('-')
  const count = Number.parseInt(parts.pop() ?? '', 10) || 0
  return `${parts.join('-')}-${count + 1}`
}

const BASE32 = '0123456789abcdefghijklmnopqrstuv'

export function hashName(): string {
  return [...randomBytes(10)].map((byte) => BASE32[byte % 32]).join('')
}

function validateName(document: Document, meta: Meta): void {
  const name = String(document.name ?? '').trim()
  if (!name) throw validationError(`No Name Specified for ${meta.name}`)
  if (name.startsWith(`New ${meta.name}`)) {
    throw new SiteError(
      'NameError',
      'There were some errors setting the name, please contact the administrator',
    )
  }
  if (!meta.isSingle && name === meta.name) {
    throw new SiteError('NameError', `Name of ${meta.name} cannot be ${name}`)
  }
  if (/[<>]/.test(name)) {
    throw new SiteError('NameError', "Name cannot contain special characters like '<', '>'")
  }
  document.name = name
}
