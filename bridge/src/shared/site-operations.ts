/** Operations of the protocol (`site-protocol.ts`): what is proposed, and what the site would save. */

export type OperationAction = 'create' | 'update' | 'submit' | 'cancel' | 'delete' | 'amend'

/** A reference to the document an earlier operation of the same list makes. */
export interface OperationReference {
  $ref: string
}

export type FieldValue = string | number | boolean | null | OperationReference | ChildRow[]

export interface ChildRow {
  /** Row name: given for a row that exists and is to be kept or changed. */
  name?: string
  [field: string]: unknown
}

/**
 * One proposed change of one document.
 * - create: `values`; with `source` ERPNext's own make function fills the document first and
 *   `values` are set on top.
 * - update: `name`, `base_modified`, `values`; a child table in `values` is the complete new table.
 * - submit | cancel | delete | amend: `name`, `base_modified`; amend takes `values` too.
 * `name` is a `{$ref}` when the document is made earlier in the list; then `base_modified` is left out.
 */
export interface OperationInput {
  operation_id: string
  action: OperationAction
  doctype: string
  name?: string | OperationReference
  base_modified?: string
  values?: Record<string, FieldValue>
  source?: OperationSource
}

/** "Make this from that": `method` must be one of `list_mappings(doctype)`. */
export interface OperationSource {
  method: string
  doctype: string
  name: string | OperationReference
}

/** Who set a value: the person's request, ERPNext's default or rule, or ERPNext in place of what was asked. */
export type SetBy = 'person' | 'site' | 'site_changed' | 'unchanged'

export interface FieldEffect {
  fieldname: string
  label: string
  fieldtype: string
  /** DocType of a Link; the controlling field's value for Dynamic Link; currency code for Currency. */
  options: string | null
  /** Value before (update) or null. */
  before: unknown
  /** What was asked for, when it was. */
  asked?: unknown
  /** What ERPNext would save. */
  after: unknown
  set_by: SetBy
  /** Label for a Link's value, when the target has a title field. */
  title?: string | null
}

export interface TableEffect {
  fieldname: string
  label: string
  doctype: string
  columns: { fieldname: string; label: string; fieldtype: string; options: string | null }[]
  rows: RowEffect[]
}

export interface RowEffect {
  idx: number
  /** Row name when the row exists before; null for a new row. */
  name: string | null
  change: 'added' | 'changed' | 'removed' | 'unchanged'
  cells: Record<string, { before?: unknown; asked?: unknown; after: unknown; set_by: SetBy }>
}

export interface LedgerEntry {
  account: string
  debit: number
  credit: number
  currency: string
  party_type?: string | null
  party?: string | null
  cost_center?: string | null
  against?: string | null
  posting_date: string
}

export interface StockEntry {
  item_code: string
  warehouse: string
  actual_qty: number
  valuation_rate?: number | null
  stock_value_difference?: number | null
  posting_date: string
}

export type UndoClass = 'exact' | 'compensating' | 'replacement' | 'none'

export interface UndoStatement {
  class: UndoClass
  /** Whether this person may do it, by their own rights. */
  allowed: boolean
  /** One sentence for the card: what undo would do, or why it cannot. */
  statement: string
}

export interface OperationPreview {
  operation_id: string
  action: OperationAction
  doctype: string
  doctype_label: string
  /** Null for a document that does not exist yet. */
  name: string | null
  title: string | null
  docstatus_before: 0 | 1 | 2 | null
  docstatus_after: 0 | 1 | 2 | null
  /** False for documents that are never submitted, such as a customer. */
  is_submittable?: boolean
  base_modified: string | null
  /** Header fields worth a look, the doctype's own order; unchanged ones are left out on update. */
  fields: FieldEffect[]
  tables: TableEffect[]
  /** Totals ERPNext computed, e.g. net_total, total_taxes_and_charges, grand_total. */
  totals: FieldEffect[]
  currency: string | null
  ledger: LedgerEntry[]
  stock: StockEntry[]
  /** Other documents this operation writes or deletes as a side effect, by doctype. */
  side_effects: {
    doctype: string
    name: string | null
    change: 'created' | 'updated' | 'deleted'
  }[]
  /** Mail, jobs and webhooks that run after the commit. */
  deferred: { kind: 'mail' | 'job' | 'webhook' | 'realtime'; description: string }[]
  /** What ERPNext told the person (msgprint), plain text. */
  messages: { message: string; indicator: string | null }[]
  undo: UndoStatement
}

/** Why the site would not do it, in its own words. */
export interface SiteRefusal {
  /** Which operation was refused; null when the list as a whole was. */
  operation_id: string | null
  /** Frappe's exception class: PermissionError, MandatoryError, ValidationError ... */
  exc_type: string
  message: string
  /** `inner_commit`, `background_job`, `outbound_http`: it cannot be previewed or applied whole. */
  code:
    | 'permission'
    | 'validation'
    | 'mandatory'
    | 'link'
    | 'conflict'
    | 'not_found'
    | 'inner_commit'
    | 'background_job'
    | 'outbound_http'
    | 'too_large'
    | 'other'
}

/** Answer of `preview(request_id, operations)`. Nothing remains on the site after it. */
export type PreviewResult =
  | { status: 'previewed'; hash: string; operations: OperationPreview[] }
  | { status: 'refused'; refusal: SiteRefusal }
