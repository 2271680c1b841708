import type { Site } from '../../sandbox/site/index.ts'

/** The day every evaluation happens on, so that its documents and periods are always the same. */
export const EVALUATION_DAY = '2026-11-24'

type Row = Record<string, unknown>
export type EvaluationFilter = [string, string, unknown]

/** Asks the sandbox's own store as Administrator: independent of every tool and of the planner. */
export interface ExpectedData {
  rows(doctype: string, filters: EvaluationFilter[], fields: string[]): Row[]
  document(doctype: string, name: string): Row
  /** The document's name behind `@unpaid_invoice` and the like. */
  fixture(text: string): string
}

export function expectedData(site: Site): ExpectedData {
  const rows = (doctype: string, filters: EvaluationFilter[], fields: string[]) =>
    site.read('Administrator', (session) =>
      session.getAll(doctype, {
        fields: ['name', ...fields],
        filters: filters.map(([field, operator, value]) => [field, operator, dated(value)]),
        order_by: 'creation asc, name asc',
        limit_page_length: 0,
      }),
    )
  const fixtures = fixtureNames(rows)
  return {
    rows,
    document: (doctype, name) =>
      site.read('Administrator', (session) => ({ ...session.getDoc(doctype, name) })),
    fixture: (text) => text.replace(/@(\w+)/g, (_, key: string) => fixtures[key] ?? `@${key}`),
  }
}

const WHERE: Record<string, [doctype: string, filters: EvaluationFilter[]]> = {
  unpaid_invoice: [
    'Sales Invoice',
    [
      ['docstatus', '=', 1],
      ['outstanding_amount', '>', 500],
      ['currency', '=', 'USD'],
    ],
  ],
  paid_invoice: ['Sales Invoice', [['status', '=', 'Paid']]],
  draft_quotation: ['Quotation', [['docstatus', '=', 0]]],
  open_quotation: [
    'Quotation',
    [
      ['docstatus', '=', 1],
      ['status', '=', 'Open'],
    ],
  ],
  open_order: [
    'Sales Order',
    [
      ['docstatus', '=', 1],
      ['status', '!=', 'Completed'],
    ],
  ],
  unbilled_order: [
    'Sales Order',
    [
      ['docstatus', '=', 1],
      ['per_billed', '=', 0],
    ],
  ],
  undelivered_order: [
    'Sales Order',
    [
      ['docstatus', '=', 1],
      ['per_delivered', '=', 0],
    ],
  ],
  open_purchase_order: [
    'Purchase Order',
    [
      ['docstatus', '=', 1],
      ['per_received', '=', 0],
    ],
  ],
  unpaid_bill: [
    'Purchase Invoice',
    [
      ['docstatus', '=', 1],
      ['outstanding_amount', '>', 0],
    ],
  ],
}

/** The newest document of each kind. */
function fixtureNames(rows: ExpectedData['rows']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(WHERE).map(([key, [doctype, filters]]) => [
      key,
      String(rows(doctype, filters, []).at(-1)?.name ?? `none of ${key}`),
    ]),
  )
}

const PERIODS: Record<string, [from: string, to: string]> = {
  month: ['2026-11-01', '2026-11-30'],
  last_month: ['2026-10-01', '2026-10-31'],
  year: ['2026-01-01', '2026-12-31'],
  last_year: ['2025-01-01', '2025-12-31'],
  last_quarter: ['2026-07-01', '2026-09-30'],
  quarter: ['2026-10-01', '2026-12-31'],
  week: ['2026-11-23', '2026-11-29'],
  next_week: ['2026-11-30', '2026-12-06'],
}

function dated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dated)
  if (value === '$today') return EVALUATION_DAY
  const match = /^\$(\w+)\.(from|to)$/.exec(String(value))
  return match ? PERIODS[match[1]!]?.[match[2] === 'from' ? 0 : 1] : value
}
