/** Queries of the protocol (`site-protocol.ts`): doctypes, aggregates, and the words of a site. */

export interface FieldDescription {
  fieldname: string
  label: string
  fieldtype: string
  options: string | null
  required: boolean
  read_only: boolean
  in_list_view: boolean
  /** A value the site fills when left empty. */
  default: string | null
  permlevel: number
  /** For Table fields, the child's own fields. */
  fields?: FieldDescription[]
}

/** Answer of `describe_doctype(doctype)`: only what this person may read. */
export interface DoctypeDescription {
  doctype: string
  label: string
  module: string
  is_submittable: boolean
  is_single: boolean
  is_tree: boolean
  title_field: string | null
  search_fields: string[]
  sort: string
  permissions: {
    read: boolean
    write: boolean
    create: boolean
    submit: boolean
    cancel: boolean
    delete: boolean
    amend: boolean
    report: boolean
    export: boolean
  }
  fields: FieldDescription[]
  /** States that mean open or done, from the status field's options. */
  status_options: string[]
  /** Make functions that start from this doctype. */
  mappings: Mapping[]
}

/** One of ERPNext's own "make" functions, e.g. Sales Order to Sales Invoice. */
export interface Mapping {
  from_doctype: string
  to_doctype: string
  method: string
  label: string
}

/** A filter: field (own, `child_table.field` or `link.field`), Frappe operator, value. */
export type Filter = [field: string, operator: string, value: unknown]

export interface AggregateQuery {
  doctype: string
  filters?: Filter[]
  or_filters?: Filter[]
  /** Fields to group by; a date field may carry a bucket: `posting_date:month`. */
  group_by?: string[]
  measures: { function: 'count' | 'sum' | 'avg' | 'min' | 'max'; field?: string; as: string }[]
  /** `as` of a measure or a group field, then `asc` or `desc`. */
  order_by?: string
  limit?: number
}

/** Answer of `aggregate(query)`; rows only count what the person may list. */
export interface AggregateResult {
  columns: { key: string; label: string; fieldtype: string; options: string | null }[]
  rows: Record<string, unknown>[]
  /** Groups in all, also when limited. */
  total_groups: number
  currency: string | null
}

/** Answer of `find_doctype(words)`: best first, only readable ones. */
export interface DoctypeMatch {
  doctype: string
  label: string
  module: string
  score: number
}

/** Answer of `site_words()`: the words this person's site uses, for the local router. */
export interface SiteWords {
  /** Changes when any of it does. */
  version: string
  language: string
  doctypes: {
    doctype: string
    label: string
    module: string
    is_submittable: boolean
    can_create: boolean
  }[]
  reports: { name: string; label: string; ref_doctype: string; report_type: string }[]
}
