import {
  always,
  CANCELLED,
  DRAFT,
  SUBMITTED,
  type DocumentKnowledge,
  type PartyField,
  type StatusMeaning,
} from './document-knowledge.ts'

const CUSTOMER: PartyField = { doctype: 'Customer', field: 'customer', title: 'customer_name' }
const SUPPLIER: PartyField = { doctype: 'Supplier', field: 'supplier', title: 'supplier_name' }

/** Selling and buying documents. */
export const TRADE_DOCUMENTS: DocumentKnowledge[] = [
  {
    doctype: 'Quotation',
    series: 'SAL-QTN-',
    submittable: true,
    date: 'transaction_date',
    due: 'valid_till',
    ...amounts(),
    party: {
      doctype: 'Customer',
      field: 'party_name',
      title: 'customer_name',
      typeField: 'quotation_to',
    },
    items: { field: 'items', doctype: 'Quotation Item' },
    columns: ['name', 'customer_name', 'transaction_date', 'valid_till', 'grand_total', 'status'],
    statuses: [
      DRAFT,
      CANCELLED,
      status('expired|lapsed', 'expired', (today) => [
        ['docstatus', '=', 1],
        ['valid_till', '<', today],
        ['status', 'not in', ['Ordered', 'Lost', 'Cancelled']],
      ]),
      status('lost', 'lost', always(['status', '=', 'Lost'])),
      status('ordered|won|accepted', 'ordered', always(['status', '=', 'Ordered'])),
      status(
        'open|pending|outstanding|unanswered|active',
        'open',
        always(['docstatus', '=', 1], ['status', 'in', ['Open', 'Replied', 'Partially Ordered']]),
      ),
      SUBMITTED,
    ],
  },
  {
    doctype: 'Sales Order',
    series: 'SAL-ORD-',
    submittable: true,
    date: 'transaction_date',
    due: 'delivery_date',
    ...amounts(),
    party: CUSTOMER,
    items: { field: 'items', doctype: 'Sales Order Item', dateField: 'delivery_date' },
    columns: [
      'name',
      'customer_name',
      'transaction_date',
      'delivery_date',
      'grand_total',
      'status',
    ],
    statuses: orderStatuses(
      'To Deliver',
      'to deliver|undelivered|not (?:yet )?delivered|unshipped',
      ['per_delivered', 'delivery_date'],
    ),
  },
  {
    doctype: 'Purchase Order',
    series: 'PUR-ORD-',
    submittable: true,
    date: 'transaction_date',
    due: 'schedule_date',
    ...amounts(),
    party: SUPPLIER,
    items: { field: 'items', doctype: 'Purchase Order Item', dateField: 'schedule_date' },
    columns: [
      'name',
      'supplier_name',
      'transaction_date',
      'schedule_date',
      'grand_total',
      'status',
    ],
    statuses: orderStatuses(
      'To Receive',
      'to receive|unreceived|not (?:yet )?received|not arrived',
      ['per_received', 'schedule_date'],
    ),
  },
  {
    doctype: 'Sales Invoice',
    series: 'ACC-SINV-',
    submittable: true,
    date: 'posting_date',
    due: 'due_date',
    ...amounts(),
    outstanding: 'outstanding_amount',
    party: CUSTOMER,
    items: { field: 'items', doctype: 'Sales Invoice Item' },
    columns: [
      'name',
      'customer_name',
      'posting_date',
      'due_date',
      'grand_total',
      'outstanding_amount',
      'status',
    ],
    statuses: invoiceStatuses(),
  },
  {
    doctype: 'Purchase Invoice',
    series: 'ACC-PINV-',
    submittable: true,
    date: 'posting_date',
    due: 'due_date',
    ...amounts(),
    outstanding: 'outstanding_amount',
    party: SUPPLIER,
    items: { field: 'items', doctype: 'Purchase Invoice Item' },
    columns: [
      'name',
      'supplier_name',
      'posting_date',
      'due_date',
      'grand_total',
      'outstanding_amount',
      'status',
    ],
    statuses: invoiceStatuses(),
  },
  {
    doctype: 'Delivery Note',
    series: 'MAT-DN-',
    submittable: true,
    date: 'posting_date',
    ...amounts(),
    party: CUSTOMER,
    items: { field: 'items', doctype: 'Delivery Note Item' },
    columns: ['name', 'customer_name', 'posting_date', 'grand_total', 'status'],
    statuses: noteStatuses(),
  },
  {
    doctype: 'Purchase Receipt',
    series: 'MAT-PRE-',
    submittable: true,
    date: 'posting_date',
    ...amounts(),
    party: SUPPLIER,
    items: { field: 'items', doctype: 'Purchase Receipt Item' },
    columns: ['name', 'supplier_name', 'posting_date', 'grand_total', 'status'],
    statuses: noteStatuses(),
  },
  {
    doctype: 'Supplier Quotation',
    series: 'PUR-SQTN-',
    submittable: true,
    date: 'transaction_date',
    due: 'valid_till',
    ...amounts(),
    party: SUPPLIER,
    items: { field: 'items', doctype: 'Supplier Quotation Item' },
    columns: ['name', 'supplier_name', 'transaction_date', 'valid_till', 'grand_total', 'status'],
    statuses: [DRAFT, CANCELLED, SUBMITTED],
  },
]

function amounts() {
  return { amount: 'grand_total', baseAmount: 'base_grand_total', baseNet: 'base_net_total' }
}

function status(words: string, name: string, filters: StatusMeaning['filters']): StatusMeaning {
  return { words, name, filters }
}

/** Orders wait for goods to move (`pending`) and for bills; late is judged by the date. */
function orderStatuses(
  pending: string,
  words: string,
  [progress, date]: [string, string],
): StatusMeaning[] {
  const waiting = [`${pending} and Bill`, pending]
  return [
    DRAFT,
    CANCELLED,
    status('overdue|late|delayed|past due', 'overdue', (today) => [
      ['docstatus', '=', 1],
      [date, '<', today],
      [progress, '<', 100],
      ['status', 'not in', ['Closed', 'Completed', 'Cancelled']],
    ]),
    status(words, pending.toLowerCase(), always(['docstatus', '=', 1], ['status', 'in', waiting])),
    status(
      'to bill|to be billed|to invoice|to be invoiced|unbilled|uninvoiced|not (?:yet )?(?:billed|invoiced)',
      'to bill',
      always(['docstatus', '=', 1], ['status', 'in', [`${pending} and Bill`, 'To Bill']]),
    ),
    status('completed|complete|finished|done', 'completed', always(['status', '=', 'Completed'])),
    status('closed', 'closed', always(['status', '=', 'Closed'])),
    status('on hold|held', 'on hold', always(['status', '=', 'On Hold'])),
    status(
      'open|pending|outstanding|unfinished|active|running',
      'open',
      always(['docstatus', '=', 1], ['status', 'not in', ['Completed', 'Closed', 'Cancelled']]),
    ),
    SUBMITTED,
  ]
}

function invoiceStatuses(): StatusMeaning[] {
  const owed: ['outstanding_amount', '>', 0] = ['outstanding_amount', '>', 0]
  return [
    DRAFT,
    CANCELLED,
    status('overdue|past due|late', 'overdue', (today) => [
      ['docstatus', '=', 1],
      owed,
      ['due_date', '<', today],
    ]),
    status(
      'partly paid|partially paid|part paid',
      'partly paid',
      always(['docstatus', '=', 1], ['status', 'like', 'Partly Paid%']),
    ),
    status(
      "unpaid|(?:not|hasn't|haven't) (?:yet )?(?:been )?paid|open|outstanding|unsettled|to be paid|(?:still )?(?:have|has) (?:yet )?to (?:be )?(?:pay|paid)|pending",
      'unpaid',
      always(['docstatus', '=', 1], owed),
    ),
    status('fully paid|paid|settled', 'paid', always(['status', '=', 'Paid'])),
    status('credit notes?|debit notes?|returns?|returned', 'return', always(['is_return', '=', 1])),
    SUBMITTED,
  ]
}

function noteStatuses(): StatusMeaning[] {
  return [
    DRAFT,
    CANCELLED,
    status(
      'to bill|to be billed|unbilled|not (?:yet )?(?:billed|invoiced)|to invoice|open|pending',
      'to bill',
      always(['docstatus', '=', 1], ['status', 'in', ['To Bill', 'Partially Billed']]),
    ),
    status('completed|complete|done', 'completed', always(['status', '=', 'Completed'])),
    status('returns?|returned', 'return', always(['is_return', '=', 1])),
    SUBMITTED,
  ]
}
