import type { Document, SiteContext } from '../../site/contract.ts'
import { numberOf, rowsOf } from '../document-fields.ts'
import { refuse } from '../refusal.ts'
import { roundTo } from '../rounding.ts'
import type { MappingRule } from './mapping.ts'

/** Never carried over: identity, stamps, and what only the old document's life says. */
const NOT_CARRIED = new Set([
  'doctype',
  'name',
  'docstatus',
  'owner',
  'creation',
  'modified',
  'modified_by',
  'idx',
  'parent',
  'parenttype',
  'parentfield',
  'naming_series',
  'amended_from',
  'status',
  'title',
  'items',
  'posting_date',
  'posting_time',
  'set_posting_time',
  'transaction_date',
  'payment_schedule',
  'outstanding_amount',
  'remarks',
  'due_date',
  'in_words',
  'base_in_words',
])

/** The new document as ERPNext's make function fills it, not saved. */
export function mapDocument(rule: MappingRule, name: string, site: SiteContext): Document {
  const source = site.getDoc(rule.from, name)
  site.checkPermission(rule.from, 'read', source)
  if (source.docstatus !== rule.docstatus) {
    refuse(`Cannot map because following condition fails: docstatus = ${rule.docstatus}`)
  }
  const target = site.newDoc(rule.to)
  copyFields(source, target, site)
  copyParty(source, target)
  target.items = rowsOf(source, 'items')
    .map((row) => mapRow(rule, source, row, site))
    .filter((row) => row !== null)
  target.taxes = rowsOf(source, 'taxes').map((row) => newTaxRow(row, rule, site))
  if (!rowsOf(target, 'items').length) refuse(nothingLeft(rule, name))
  if (rule.isReturn) {
    Object.assign(target, { is_return: 1, return_against: source.name, ignore_pricing_rule: 1 })
  }
  return target
}

function copyFields(source: Document, target: Document, site: SiteContext): void {
  for (const field of site.meta(target.doctype).fields) {
    const { fieldname } = field
    if (NOT_CARRIED.has(fieldname) || field.no_copy === 1 || field.fieldtype === 'Table') continue
    const value = source[fieldname]
    if (value === undefined || value === null || Array.isArray(value)) continue
    target[fieldname] = value
  }
}

/** A quotation says `party_name` where the others say customer. */
function copyParty(source: Document, target: Document): void {
  if (source.doctype === 'Quotation' && source.quotation_to === 'Customer') {
    target.customer = source.party_name
  }
  if (target.doctype === 'Material Request') {
    target.material_request_type = 'Purchase'
    target.schedule_date = source.delivery_date
  }
}

function mapRow(
  rule: MappingRule,
  source: Document,
  row: Document,
  site: SiteContext,
): Document | null {
  const left = quantityLeft(rule, row)
  if (left <= 0) return null
  const target = site.newDoc(`${rule.to} Item`)
  copyFields(row, target, site)
  target.qty = rule.isReturn ? -numberOf(row, 'qty') : left
  target.stock_qty = numberOf(target, 'qty') * (numberOf(row, 'conversion_factor') || 1)
  for (const field of [
    'billed_amt',
    'delivered_qty',
    'received_qty',
    'returned_qty',
    'ordered_qty',
  ]) {
    if (field in target) target[field] = 0
  }
  if (rule.rowLinks?.document) target[rule.rowLinks.document] = source.name
  if (rule.rowLinks?.row) target[rule.rowLinks.row] = row.name
  carryOrder(rule, row, target)
  return target
}

/** Delivery, receipt and invoice of an order name it in fields of different names. */
function carryOrder(rule: MappingRule, row: Document, target: Document): void {
  if (rule.from === 'Delivery Note' && rule.to === 'Sales Invoice') {
    target.sales_order = row.against_sales_order
    target.so_detail = row.so_detail
  } else if (rule.from === 'Sales Invoice' && rule.to === 'Delivery Note') {
    target.against_sales_order = row.sales_order
    target.so_detail = row.so_detail
  } else if (rule.from === 'Purchase Receipt' && rule.to === 'Purchase Invoice') {
    target.purchase_order = row.purchase_order
    target.po_detail = row.purchase_order_item
  } else if (rule.from === 'Purchase Invoice' && rule.to === 'Purchase Receipt') {
    target.purchase_order = row.purchase_order
    target.purchase_order_item = row.po_detail
  }
}

function quantityLeft(rule: MappingRule, row: Document): number {
  const quantity = numberOf(row, 'qty')
  if (rule.isReturn) return quantity
  if (rule.done?.quantity) return roundTo(quantity - numberOf(row, rule.done.quantity), 6)
  if (rule.done?.amount) {
    const rest = numberOf(row, 'amount') - numberOf(row, rule.done.amount)
    const rate = numberOf(row, 'rate')
    return rate ? roundTo(rest / rate, 6) : quantity
  }
  return quantity
}

function newTaxRow(row: Document, rule: MappingRule, site: SiteContext): Document {
  const target = site.newDoc(row.doctype)
  copyFields(row, target, site)
  if (rule.isReturn && row.charge_type === 'Actual')
    target.tax_amount = -numberOf(row, 'tax_amount')
  return target
}

function nothingLeft(rule: MappingRule, name: string): string {
  if (rule.done?.amount) return 'All these items have already been Invoiced/Returned'
  return `${rule.from} ${name} has nothing left for a ${rule.to}`
}
