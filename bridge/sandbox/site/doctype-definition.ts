export interface FieldDefinition {
  fieldname: string
  fieldtype: string
  label: string
  options?: string
  reqd?: 0 | 1
  read_only?: 0 | 1
  hidden?: 0 | 1
  unique?: 0 | 1
  default?: string
  in_list_view?: 0 | 1
  in_standard_filter?: 0 | 1
  permlevel?: number
  allow_on_submit?: 0 | 1
  no_copy?: 0 | 1
  fetch_from?: string
  fetch_if_empty?: 0 | 1
  precision?: string
  length?: number
  non_negative?: 0 | 1
  set_only_once?: 0 | 1
  ignore_user_permissions?: 0 | 1
  description?: string
  /** Where the field order carries meaning, it is the array's. */
}

export interface PermissionDefinition {
  role: string
  permlevel?: number
  if_owner?: 0 | 1
  read?: 0 | 1
  write?: 0 | 1
  create?: 0 | 1
  delete?: 0 | 1
  submit?: 0 | 1
  cancel?: 0 | 1
  amend?: 0 | 1
  report?: 0 | 1
  export?: 0 | 1
  print?: 0 | 1
  email?: 0 | 1
  share?: 0 | 1
}

/** A DocType: the keys of Frappe's own DocType JSON, so that the app's JSON files load as they are. */
export interface DoctypeDefinition {
  name: string
  module: string
  autoname?: string
  naming_rule?: string
  title_field?: string
  search_fields?: string
  sort_field?: string
  sort_order?: string
  istable?: 0 | 1
  issingle?: 0 | 1
  is_tree?: 0 | 1
  is_submittable?: 0 | 1
  allow_rename?: 0 | 1
  read_only?: 0 | 1
  /** Of a tree: the link field to the parent; default `parent_<doctype>`. */
  nsm_parent_field?: string
  show_title_field_in_link?: 0 | 1
  fields: FieldDefinition[]
  permissions: PermissionDefinition[]
}
