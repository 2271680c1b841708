import type { FieldEffect, OperationPreview, SetBy } from '../../../src/shared/site-protocol.ts'
import type { Document, FieldDefinition, SiteContext } from '../../site/contract.ts'
import { workflowOf } from '../../site/index.ts'
import { isLayout, isSecret, isTable, plainValue, same, textOf, type Image } from '../values.ts'
import { readableFields } from './reading.ts'
import { tableEffects } from './table-effect.ts'

/** Shown apart, in this order. */
const TOTALS = [
  'total_qty',
  'total',
  'net_total',
  'total_taxes_and_charges',
  'discount_amount',
  'grand_total',
  'rounding_adjustment',
  'rounded_total',
  'total_advance',
  'paid_amount',
  'received_amount',
  'total_allocated_amount',
  'unallocated_amount',
  'outstanding_amount',
  'total_debit',
  'total_credit',
]
/** Never worth a line on the card. */
const NOISE = new Set([
  'naming_series',
  'amended_from',
  'language',
  'letter_head',
  'in_words',
  'base_in_words',
  'lft',
  'rgt',
])

export interface Change {
  doctype: string
  before: Image | null
  after: Image | null
  asked: Image
  document: Document | null
}

/** Fields, tables and totals of the card, without what the person may not read. */
export function effects(
  change: Change,
  site: SiteContext,
): Pick<OperationPreview, 'fields' | 'tables' | 'totals'> {
  const fields: FieldEffect[] = []
  const totals: FieldEffect[] = []
  const stateField = textOf(workflowOf(change.doctype, site)?.workflow_state_field)
  for (const field of readableFields(change.doctype, site)) {
    if (isLayout(field) || isSecret(field) || isTable(field)) continue
    const effect = fieldEffect(field, change, site)
    if (TOTALS.includes(field.fieldname)) {
      if (effect.after || effect.before) totals.push(effect)
    } else if (isWorthALine(field, effect, change.before, stateField)) fields.push(effect)
  }
  totals.sort((a, b) => TOTALS.indexOf(a.fieldname) - TOTALS.indexOf(b.fieldname))
  return { fields, tables: tableEffects(change, site), totals }
}

function fieldEffect(field: FieldDefinition, change: Change, site: SiteContext): FieldEffect {
  const { fieldname, fieldtype } = field
  const was = change.before?.[fieldname]
  const becomes = change.after?.[fieldname]
  return {
    fieldname,
    label: field.label || fieldname,
    fieldtype,
    options: optionsOf(field, change.document, site),
    before: plainValue(was),
    after: plainValue(becomes),
    set_by: setBy(field, was, becomes, change.asked),
    title: linkTitle(field, becomes, site),
    ...(fieldname in change.asked ? { asked: plainValue(change.asked[fieldname]) } : {}),
  }
}

function setBy(field: FieldDefinition, was: unknown, becomes: unknown, asked: Image): SetBy {
  const { fieldname, fieldtype } = field
  if (fieldname in asked) {
    return same(asked[fieldname], becomes, fieldtype) ? 'person' : 'site_changed'
  }
  return same(was, becomes, fieldtype) ? 'unchanged' : 'site'
}

function isWorthALine(
  field: FieldDefinition,
  effect: FieldEffect,
  before: Image | null,
  stateField: string,
): boolean {
  if ('asked' in effect) return true
  if (effect.set_by === 'unchanged' || NOISE.has(field.fieldname)) return false
  // Frappe hides the field of a workflow's state, and shows the state as the document's own.
  if (field.fieldname === stateField) return true
  if (field.hidden) return false
  const isDefaultCheck = field.fieldtype === 'Check' && (field.default ?? '0') === `${effect.after}`
  return !(before === null && isDefaultCheck)
}

/** The doctype of a link, the currency of an amount, the options of a choice. */
function optionsOf(
  field: FieldDefinition,
  document: Document | null,
  site: SiteContext,
): string | null {
  const { fieldtype, options = '' } = field
  if (fieldtype === 'Currency') return document ? currencyOf(options, document, site) : null
  if (fieldtype === 'Dynamic Link') return document ? textOf(document[options]) || null : null
  return ['Link', 'Table', 'Table MultiSelect', 'Select'].includes(fieldtype)
    ? options || null
    : null
}

/** `currency`, or `Company:company:default_currency`: doctype, field, and its field. */
function currencyOf(options: string, document: Document, site: SiteContext): string | null {
  const [doctype = '', link = '', target = ''] = options.split(':')
  if (target) {
    const name = textOf(document[link])
    return name ? textOf(site.getValue(doctype, name, target)) || null : null
  }
  return textOf(document[options || 'currency']) || site.getDefault('currency')
}

/** The title of a link's target, where it has one that is not its name. */
function linkTitle(field: FieldDefinition, value: unknown, site: SiteContext): string | null {
  const { fieldtype, options = '' } = field
  if (fieldtype !== 'Link' || typeof value !== 'string' || !value || !site.hasMeta(options)) {
    return null
  }
  const titleField = site.meta(options).title_field
  if (!titleField || !site.hasPermission(options, 'read')) return null
  const title = textOf(site.getValue(options, value, titleField))
  return title && title !== value ? title : null
}
