import type { Mapping } from '../../../src/shared/site-protocol.ts'
import type { Document, SiteContext } from '../../site/contract.ts'
import { makeMethods } from '../../erpnext/index.ts'
import { textOf } from '../values.ts'
import { refuse } from './refusal.ts'

const selling = (doctype: string) => `erpnext.selling.doctype.${doctype}.${doctype}.`
const stock = (doctype: string) => `erpnext.stock.doctype.${doctype}.${doctype}.`
const buying = (doctype: string) => `erpnext.buying.doctype.${doctype}.${doctype}.`
const accounts = (doctype: string) => `erpnext.accounts.doctype.${doctype}.${doctype}.`
const crm = (doctype: string) => `erpnext.crm.doctype.${doctype}.${doctype}.`
const PAYMENT = `${accounts('payment_entry')}get_payment_entry`

/** ERPNext's own make functions between everyday documents, the only ones a source may name. */
const MAKE_FUNCTIONS: [from: string, to: string, method: string][] = [
  ['Lead', 'Opportunity', `${crm('lead')}make_opportunity`],
  ['Lead', 'Quotation', `${crm('lead')}make_quotation`],
  ['Lead', 'Customer', `${crm('lead')}make_customer`],
  ['Opportunity', 'Quotation', `${crm('opportunity')}make_quotation`],
  ['Opportunity', 'Customer', `${crm('opportunity')}make_customer`],
  ['Quotation', 'Sales Order', `${selling('quotation')}make_sales_order`],
  ['Quotation', 'Sales Invoice', `${selling('quotation')}make_sales_invoice`],
  ['Sales Order', 'Delivery Note', `${selling('sales_order')}make_delivery_note`],
  ['Sales Order', 'Sales Invoice', `${selling('sales_order')}make_sales_invoice`],
  ['Sales Order', 'Material Request', `${selling('sales_order')}make_material_request`],
  ['Sales Order', 'Payment Entry', PAYMENT],
  ['Delivery Note', 'Sales Invoice', `${stock('delivery_note')}make_sales_invoice`],
  ['Delivery Note', 'Delivery Note', `${stock('delivery_note')}make_sales_return`],
  ['Sales Invoice', 'Payment Entry', PAYMENT],
  ['Sales Invoice', 'Delivery Note', `${accounts('sales_invoice')}make_delivery_note`],
  ['Sales Invoice', 'Sales Invoice', `${accounts('sales_invoice')}make_sales_return`],
  ['Material Request', 'Purchase Order', `${stock('material_request')}make_purchase_order`],
  ['Material Request', 'Supplier Quotation', `${stock('material_request')}make_supplier_quotation`],
  ['Supplier Quotation', 'Purchase Order', `${buying('supplier_quotation')}make_purchase_order`],
  ['Purchase Order', 'Purchase Receipt', `${buying('purchase_order')}make_purchase_receipt`],
  ['Purchase Order', 'Purchase Invoice', `${buying('purchase_order')}make_purchase_invoice`],
  ['Purchase Order', 'Payment Entry', PAYMENT],
  ['Purchase Receipt', 'Purchase Invoice', `${stock('purchase_receipt')}make_purchase_invoice`],
  ['Purchase Receipt', 'Purchase Receipt', `${stock('purchase_receipt')}make_purchase_return`],
  ['Purchase Invoice', 'Payment Entry', PAYMENT],
  ['Purchase Invoice', 'Purchase Receipt', `${accounts('purchase_invoice')}make_purchase_receipt`],
  ['Purchase Invoice', 'Purchase Invoice', `${accounts('purchase_invoice')}make_debit_note`],
]

/** Make functions this person may use: they read the one document and may create the other. */
export function mappingsFrom(doctype: string | null, site: SiteContext): Mapping[] {
  return MAKE_FUNCTIONS.filter(([from]) => doctype === null || from === doctype)
    .filter(([from, to]) => site.hasPermission(from, 'read') && site.hasPermission(to, 'create'))
    .map(([from, to, method]) => ({
      from_doctype: from,
      to_doctype: to,
      method,
      label: from === to ? `Return against ${from}` : `${to} from ${from}`,
    }))
}

/** The new document as ERPNext's make function fills it, not saved yet. */
export function makeFromSource(
  doctype: string,
  source: Record<string, unknown>,
  site: SiteContext,
): Document {
  const [from, name, method] = [source.doctype, source.name, source.method].map(textOf)
  const isKnown = MAKE_FUNCTIONS.some(
    (entry) => entry[0] === from && entry[1] === doctype && entry[2] === method,
  )
  const make = makeMethods.find((entry) => entry.name === method)
  if (!isKnown || !make) {
    return refuse(`There is no way to make ${doctype} from ${from} by ${method}.`)
  }
  const original = site.getDoc(from ?? '', name ?? '')
  site.checkPermission(original.doctype, 'read', original)
  const args = method === PAYMENT ? { dt: from, dn: name } : { source_name: name }
  const made = make.run(site, args) as Document
  if (made.doctype !== doctype) refuse(`ERPNext did not make a ${doctype} from ${name}.`)
  return made
}
