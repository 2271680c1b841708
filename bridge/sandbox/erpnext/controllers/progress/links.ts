/** How a row that follows from another row counts towards it. */
export interface ProgressLink {
  /** Document that moves things forward, its row fields naming what it follows from. */
  from: string
  rowField: string
  documentField: string
  /** What it follows from. */
  to: string
  source: 'qty' | 'amount' | 'stock_qty'
  target: string
  of: 'qty' | 'amount' | 'stock_qty'
  percentage: string
  /** Only when the document moves stock itself. */
  needsStock?: boolean
}

const link = (
  from: string,
  to: string,
  [documentField, rowField]: [string, string],
  [source, target, of]: [ProgressLink['source'], string, ProgressLink['of']],
  percentage: string,
): ProgressLink => ({ from, to, documentField, rowField, source, target, of, percentage })

const BILLED: [ProgressLink['source'], string, ProgressLink['of']] = [
  'amount',
  'billed_amt',
  'amount',
]

export const PROGRESS_LINKS: ProgressLink[] = [
  link('Sales Invoice', 'Sales Order', ['sales_order', 'so_detail'], BILLED, 'per_billed'),
  link('Sales Invoice', 'Delivery Note', ['delivery_note', 'dn_detail'], BILLED, 'per_billed'),
  link(
    'Delivery Note',
    'Sales Order',
    ['against_sales_order', 'so_detail'],
    ['qty', 'delivered_qty', 'qty'],
    'per_delivered',
  ),
  {
    ...link(
      'Sales Invoice',
      'Sales Order',
      ['sales_order', 'so_detail'],
      ['qty', 'delivered_qty', 'qty'],
      'per_delivered',
    ),
    needsStock: true,
  },
  link(
    'Purchase Receipt',
    'Purchase Order',
    ['purchase_order', 'purchase_order_item'],
    ['qty', 'received_qty', 'qty'],
    'per_received',
  ),
  link('Purchase Invoice', 'Purchase Order', ['purchase_order', 'po_detail'], BILLED, 'per_billed'),
  link(
    'Purchase Invoice',
    'Purchase Receipt',
    ['purchase_receipt', 'pr_detail'],
    BILLED,
    'per_billed',
  ),
  link(
    'Purchase Order',
    'Material Request',
    ['material_request', 'material_request_item'],
    ['stock_qty', 'ordered_qty', 'stock_qty'],
    'per_ordered',
  ),
  link(
    'Purchase Receipt',
    'Material Request',
    ['material_request', 'material_request_item'],
    ['stock_qty', 'received_qty', 'stock_qty'],
    'per_received',
  ),
]
