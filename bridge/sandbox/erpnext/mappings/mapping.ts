/** How one document becomes another: which rows go on, and which fields say where they came from. */
export interface MappingRule {
  from: string
  to: string
  method: string
  /** docstatus the source must have. */
  docstatus: 0 | 1
  /** Fields that are set on each row: from the source's name and the row's name. */
  rowLinks?: { document?: string; row?: string; doctype?: string }
  /** What of a row is left to do; rows with nothing left stay out. */
  done?: { quantity?: string; amount?: string }
  /** Header fields that do not go on. */
  leftOut?: string[]
  isReturn?: boolean
}

const selling = (doctype: string) => `erpnext.selling.doctype.${doctype}.${doctype}.`
const stock = (doctype: string) => `erpnext.stock.doctype.${doctype}.${doctype}.`
const buying = (doctype: string) => `erpnext.buying.doctype.${doctype}.${doctype}.`
const accounts = (doctype: string) => `erpnext.accounts.doctype.${doctype}.${doctype}.`

export const MAPPING_RULES: MappingRule[] = [
  {
    from: 'Quotation',
    to: 'Sales Order',
    method: `${selling('quotation')}make_sales_order`,
    docstatus: 1,
    rowLinks: { document: 'prevdoc_docname', row: 'quotation_item' },
  },
  {
    from: 'Quotation',
    to: 'Sales Invoice',
    method: `${selling('quotation')}make_sales_invoice`,
    docstatus: 1,
  },
  {
    from: 'Sales Order',
    to: 'Delivery Note',
    method: `${selling('sales_order')}make_delivery_note`,
    docstatus: 1,
    rowLinks: { document: 'against_sales_order', row: 'so_detail' },
    done: { quantity: 'delivered_qty' },
  },
  {
    from: 'Sales Order',
    to: 'Sales Invoice',
    method: `${selling('sales_order')}make_sales_invoice`,
    docstatus: 1,
    rowLinks: { document: 'sales_order', row: 'so_detail' },
    done: { amount: 'billed_amt' },
  },
  {
    from: 'Sales Order',
    to: 'Material Request',
    method: `${selling('sales_order')}make_material_request`,
    docstatus: 1,
    done: { quantity: 'ordered_qty' },
  },
  {
    from: 'Delivery Note',
    to: 'Sales Invoice',
    method: `${stock('delivery_note')}make_sales_invoice`,
    docstatus: 1,
    rowLinks: { document: 'delivery_note', row: 'dn_detail' },
    done: { amount: 'billed_amt' },
  },
  {
    from: 'Delivery Note',
    to: 'Delivery Note',
    method: `${stock('delivery_note')}make_sales_return`,
    docstatus: 1,
    rowLinks: { row: 'dn_detail' },
    isReturn: true,
  },
  {
    from: 'Sales Invoice',
    to: 'Delivery Note',
    method: `${accounts('sales_invoice')}make_delivery_note`,
    docstatus: 1,
    rowLinks: { document: 'against_sales_invoice', row: 'si_detail' },
    done: { quantity: 'delivered_qty' },
  },
  {
    from: 'Sales Invoice',
    to: 'Sales Invoice',
    method: `${accounts('sales_invoice')}make_sales_return`,
    docstatus: 1,
    rowLinks: { row: 'sales_invoice_item' },
    isReturn: true,
  },
  {
    from: 'Material Request',
    to: 'Purchase Order',
    method: `${stock('material_request')}make_purchase_order`,
    docstatus: 1,
    rowLinks: { document: 'material_request', row: 'material_request_item' },
    done: { quantity: 'ordered_qty' },
  },
  {
    from: 'Material Request',
    to: 'Supplier Quotation',
    method: `${stock('material_request')}make_supplier_quotation`,
    docstatus: 1,
    rowLinks: { document: 'material_request', row: 'material_request_item' },
  },
  {
    from: 'Supplier Quotation',
    to: 'Purchase Order',
    method: `${buying('supplier_quotation')}make_purchase_order`,
    docstatus: 1,
    rowLinks: { document: 'supplier_quotation', row: 'supplier_quotation_item' },
  },
  {
    from: 'Purchase Order',
    to: 'Purchase Receipt',
    method: `${buying('purchase_order')}make_purchase_receipt`,
    docstatus: 1,
    rowLinks: { document: 'purchase_order', row: 'purchase_order_item' },
    done: { quantity: 'received_qty' },
  },
  {
    from: 'Purchase Order',
    to: 'Purchase Invoice',
    method: `${buying('purchase_order')}make_purchase_invoice`,
    docstatus: 1,
    rowLinks: { document: 'purchase_order', row: 'po_detail' },
    done: { amount: 'billed_amt' },
  },
  {
    from: 'Purchase Receipt',
    to: 'Purchase Invoice',
    method: `${stock('purchase_receipt')}make_purchase_invoice`,
    docstatus: 1,
    rowLinks: { document: 'purchase_receipt', row: 'pr_detail' },
    done: { amount: 'billed_amt' },
  },
  {
    from: 'Purchase Receipt',
    to: 'Purchase Receipt',
    method: `${stock('purchase_receipt')}make_purchase_return`,
    docstatus: 1,
    rowLinks: { row: 'purchase_receipt_item' },
    isReturn: true,
  },
  {
    from: 'Purchase Invoice',
    to: 'Purchase Receipt',
    method: `${accounts('purchase_invoice')}make_purchase_receipt`,
    docstatus: 1,
    rowLinks: { document: 'purchase_invoice', row: 'purchase_invoice_item' },
  },
  {
    from: 'Purchase Invoice',
    to: 'Purchase Invoice',
    method: `${accounts('purchase_invoice')}make_debit_note`,
    docstatus: 1,
    rowLinks: { row: 'purchase_invoice_item' },
    isReturn: true,
  },
]
