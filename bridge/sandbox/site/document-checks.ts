import type { Document, FieldDefinition } from './contract.ts'
import { allChildren } from './documents.ts'
import { SiteError, validationError } from './errors.ts'
import { isNumeric, isTableField, toNumber } from './field-types.ts'
import type { InnerSite } from './inner-site.ts'
import type { Meta } from './metas.ts'

/** Frappe's `_validate`: mandatory over the whole document, then each part's own values. */
export function validateValues(
  site: InnerSite,
  document: Document,
  meta: Meta,
  ignoreMandatory: boolean,
): void {
  if (!ignoreMandatory) checkMandatory(site, document, meta)
  for (const part of [document, ...allChildren(document, meta)]) {
    const partMeta = site.state.metas.get(part.doctype)
    for (const field of partMeta.fields) checkValue(part, field, partMeta)
  }
}

function checkMandatory(site: InnerSite, document: Document, meta: Meta): void {
  const missing = [document, ...allChildren(document, meta)].flatMap((part) =>
    missingFields(part, site.state.metas.get(part.doctype)),
  )
  if (missing.length === 0) return
  for (const { message } of missing) site.msgprint(message)
  const fields = missing.map(({ fieldname }) => fieldname).join(', ')
  throw new SiteError('MandatoryError', `[${document.doctype}, ${document.name}]: ${fields}`, {
    silent: true,
  })
}

function missingFields(part: Document, meta: Meta): { fieldname: string; message: string }[] {
  return meta.fields
    .filter((field) => field.reqd && !hasContent(part, field))
    .map((field) => ({ fieldname: field.fieldname, message: missingMessage(part, field, meta) }))
}

function hasContent(part: Document, field: FieldDefinition): boolean {
  const value = part[field.fieldname]
  if (isTableField(field)) return Array.isArray(value) && value.length > 0
  if (value === null || value === undefined) return false
  return (
    String(value)
      .replace(/<[^>]*>/g, '')
      .trim() !== '' || /<img/.test(String(value))
  )
}

function missingMessage(part: Document, field: FieldDefinition, meta: Meta): string {
  const label = field.label || field.fieldname
  if (isTableField(field)) return `Error: Data missing in table: ${label}`
  if (part.parentfield) {
    return `Error: <strong>${part.doctype}</strong> Row #${part.idx}: Value missing for: ${label}`
  }
  return `Error: Value missing for ${meta.name}: ${label}`
}

function checkValue(part: Document, field: FieldDefinition, meta: Meta): void {
  const value = part[field.fieldname]
  if (value === null || value === undefined || Array.isArray(value)) return
  if (field.fieldtype === 'Select') checkSelect(part, field, String(value))
  if (field.fieldtype === 'Data') checkData(field, String(value))
  if (field.non_negative && isNumeric(field.fieldtype) && toNumber(value) < 0) {
    const label = `<strong>${field.label}</strong>`
    throw new SiteError(
      'NonNegativeError',
      part.parentfield
        ? `<strong>${meta.name}</strong> Row #${part.idx}: Value cannot be negative for ${label}`
        : `Value cannot be negative for <strong>${meta.name}</strong>: ${label}`,
      { title: 'Negative Value' },
    )
  }
  checkLength(part, field, value)
}

function checkSelect(part: Document, field: FieldDefinition, value: string): void {
  if (field.fieldname === 'naming_series' || !value || !field.options) return
  const options = field.options.split('\n')
  if (options.includes(value) || options.every((option) => option === '')) return
  const prefix = part.parentfield ? `Row #${part.idx}:` : ''
  const allowed = options.join('", "')
  throw validationError(
    `${prefix} ${field.label} cannot be "${value}". It should be one of "${allowed}"`,
  )
}

function checkData(field: FieldDefinition, value: string): void {
  if (field.options !== 'Email' || !value.trim()) return
  for (const address of value.split(',')) {
    if (/^\S+@\S+\.\S+$/.test(address.trim()) || /<\S+@\S+>$/.test(address.trim())) continue
    throw new SiteError(
      'InvalidEmailAddressError',
      `${address.trim()} is not a valid Email Address`,
    )
  }
}

const VARCHAR = new Set([
  'Data',
  'Link',
  'Dynamic Link',
  'Select',
  'Read Only',
  'Password',
  'Color',
])

function checkLength(part: Document, field: FieldDefinition, value: string | number): void {
  if (!VARCHAR.has(field.fieldtype)) return
  const limit = field.length || 140
  if (String(value).length <= limit) return
  const place = part.parentfield
    ? `<strong>${part.doctype}</strong> <strong>Row</strong> #${part.idx}: `
    : ''
  throw new SiteError(
    'CharacterLengthExceededError',
    `${place}'<strong>${field.label}</strong>' (${value}) will get truncated, as max characters allowed is ${limit}`,
    { title: 'Value too big' },
  )
}

/** `validate_set_only_once`, for stored documents. */
export function checkSetOnlyOnce(document: Document, before: Document, meta: Meta): void {
  for (const field of meta.fields) {
    if (!field.set_only_once || isTableField(field)) continue
    if (document[field.fieldname] === before[field.fieldname]) continue
    throw new SiteError(
      'CannotChangeConstantError',
      `Value cannot be changed for <strong>${field.label}</strong>`,
    )
  }
}
