import {
  always,
  CANCELLED,
  DRAFT,
  SUBMITTED,
  type DocumentKnowledge,
} from './document-knowledge.ts'

/** Stock, payments, people and work: everything that is not bought or sold with one document. */
export const OFFICE_DOCUMENTS: DocumentKnowledge[] = [
  {
    doctype: 'Payment Entry',
    series: 'ACC-PAY-',
    submittable: true,
    date: 'posting_date',
    amount: 'paid_amount',
    baseAmount: 'base_paid_amount',
    party: { doctype: 'Customer', field: 'party', title: 'party_name', typeField: 'party_type' },
    columns: ['name', 'party_name', 'payment_type', 'posting_date', 'paid_amount', 'status'],
    statuses: [
      DRAFT,
      CANCELLED,
      {
        words: 'received|incoming',
        name: 'received',
        filters: always(['payment_type', '=', 'Receive']),
      },
      {
        words: 'made|sent|outgoing|paid out',
        name: 'outgoing',
        filters: always(['payment_type', '=', 'Pay']),
      },
      {
        words: 'unallocated|unreconciled',
        name: 'unallocated',
        filters: always(['docstatus', '=', 1], ['unallocated_amount', '>', 0]),
      },
      SUBMITTED,
    ],
  },
  {
    doctype: 'Material Request',
    series: 'MAT-MR-',
    submittable: true,
    date: 'transaction_date',
    due: 'schedule_date',
    items: { field: 'items', doctype: 'Material Request Item', dateField: 'schedule_date' },
    columns: ['name', 'material_request_type', 'transaction_date', 'schedule_date', 'status'],
    statuses: [
      DRAFT,
      CANCELLED,
      {
        words: 'open|pending|outstanding|unordered|not (?:yet )?ordered',
        name: 'pending',
        filters: always(['docstatus', '=', 1], ['status', 'in', ['Pending', 'Partially Ordered']]),
      },
      SUBMITTED,
    ],
  },
  {
    doctype: 'Stock Entry',
    series: 'MAT-STE-',
    submittable: true,
    date: 'posting_date',
    items: { field: 'items', doctype: 'Stock Entry Detail' },
    columns: ['name', 'stock_entry_type', 'posting_date', 'from_warehouse', 'to_warehouse'],
    statuses: [DRAFT, CANCELLED, SUBMITTED],
  },
  {
    doctype: 'Journal Entry',
    series: 'ACC-JV-',
    submittable: true,
    date: 'posting_date',
    amount: 'total_debit',
    columns: ['name', 'title', 'voucher_type', 'posting_date', 'total_debit'],
    statuses: [DRAFT, CANCELLED, SUBMITTED],
  },
  {
    doctype: 'ToDo',
    submittable: false,
    date: 'date',
    due: 'date',
    title: 'description',
    person: 'allocated_to',
    columns: ['name', 'description', 'status', 'priority', 'date', 'allocated_to'],
    statuses: [
      work('overdue|late|past due', 'overdue', (today) => [
        ['status', '=', 'Open'],
        ['date', '<', today],
      ]),
      work('open|pending|outstanding|undone|unfinished', 'open', always(['status', '=', 'Open'])),
      work('closed|done|completed|finished', 'closed', always(['status', '=', 'Closed'])),
      work('cancell?ed', 'cancelled', always(['status', '=', 'Cancelled'])),
    ],
  },
  {
    doctype: 'Task',
    series: 'TASK-',
    submittable: false,
    date: 'exp_start_date',
    due: 'exp_end_date',
    title: 'subject',
    columns: ['name', 'subject', 'project', 'status', 'priority', 'exp_end_date'],
    statuses: [
      work('overdue|late|past due', 'overdue', (today) => [
        ['status', 'not in', ['Completed', 'Cancelled', 'Template']],
        ['exp_end_date', '<', today],
      ]),
      work(
        'open|pending|outstanding|unfinished|not (?:yet )?(?:done|completed|finished)',
        'open',
        always(['status', 'not in', ['Completed', 'Cancelled', 'Template']]),
      ),
      work('completed|done|finished|closed', 'completed', always(['status', '=', 'Completed'])),
    ],
  },
  {
    doctype: 'Project',
    series: 'PROJ-',
    submittable: false,
    date: 'expected_start_date',
    due: 'expected_end_date',
    title: 'project_name',
    columns: ['name', 'project_name', 'status', 'percent_complete', 'expected_end_date'],
    statuses: [
      work('overdue|late', 'overdue', (today) => [
        ['status', '=', 'Open'],
        ['expected_end_date', '<', today],
      ]),
      work('open|active|running|ongoing', 'open', always(['status', '=', 'Open'])),
    ],
  },
  {
    doctype: 'Issue',
    series: 'ISS-',
    submittable: false,
    date: 'opening_date',
    title: 'subject',
    party: { doctype: 'Customer', field: 'customer', title: 'customer_name' },
    columns: ['name', 'subject', 'customer', 'status', 'priority', 'opening_date'],
    statuses: [
      work(
        'open|pending|unresolved',
        'open',
        always(['status', 'in', ['Open', 'Replied', 'On Hold']]),
      ),
    ],
  },
  {
    doctype: 'Lead',
    series: 'CRM-LEAD-',
    submittable: false,
    date: 'creation',
    title: 'lead_name',
    columns: ['name', 'lead_name', 'company_name', 'status', 'email_id', 'mobile_no'],
    statuses: [
      work(
        'open|active|new',
        'open',
        always(['status', 'in', ['Lead', 'Open', 'Replied', 'Interested']]),
      ),
    ],
  },
  {
    doctype: 'Opportunity',
    series: 'CRM-OPP-',
    submittable: false,
    date: 'transaction_date',
    due: 'expected_closing',
    amount: 'opportunity_amount',
    party: {
      doctype: 'Customer',
      field: 'party_name',
      title: 'customer_name',
      typeField: 'opportunity_from',
    },
    columns: ['name', 'customer_name', 'status', 'opportunity_amount', 'transaction_date'],
    statuses: [
      work(
        'open|active|pending',
        'open',
        always(['status', 'in', ['Open', 'Replied', 'Quotation']]),
      ),
    ],
  },
  master('Customer', 'CUST-', 'customer_name', ['customer_group', 'territory', 'customer_type']),
  master('Supplier', 'SUP-', 'supplier_name', ['supplier_group', 'country', 'supplier_type']),
  master('Item', undefined, 'item_name', ['item_group', 'stock_uom', 'standard_rate']),
  {
    doctype: 'Employee',
    series: 'HR-EMP-',
    submittable: false,
    date: 'date_of_joining',
    title: 'employee_name',
    columns: ['name', 'employee_name', 'designation', 'department', 'status'],
    statuses: [work('active|current', 'active', always(['status', '=', 'Active']))],
  },
]

function work(
  words: string,
  name: string,
  filters: DocumentKnowledge['statuses'][number]['filters'],
): DocumentKnowledge['statuses'][number] {
  return { words, name, filters }
}

function master(
  doctype: string,
  series: string | undefined,
  title: string,
  columns: string[],
): DocumentKnowledge {
  return {
    doctype,
    series,
    submittable: false,
    date: 'creation',
    title,
    columns: ['name', title, ...columns],
    statuses: [
      work('disabled|inactive|blocked', 'disabled', always(['disabled', '=', 1])),
      work('enabled|active', 'active', always(['disabled', '=', 0])),
    ],
  }
}
