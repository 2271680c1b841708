import type { DoctypeDefinition, FieldDefinition } from './contract.ts'
import { SiteError } from './errors.ts'
import { hasColumn, isTableField } from './field-types.ts'

/** Columns every row has, with the type list filters compare them by. */
const SYSTEM_FIELDS: FieldDefinition[] = [
  { fieldname: 'name', fieldtype: 'Link', label: 'ID' },
  { fieldname: 'owner', fieldtype: 'Link', label: 'Created By', options: 'User' },
  { fieldname: 'creation', fieldtype: 'Datetime', label: 'Created On' },
  { fieldname: 'modified', fieldtype: 'Datetime', label: 'Last Updated On' },
  { fieldname: 'modified_by', fieldtype: 'Link', label: 'Last Updated By', options: 'User' },
  { fieldname: 'docstatus', fieldtype: 'Int', label: 'Document Status' },
  { fieldname: 'idx', fieldtype: 'Int', label: 'Index' },
]
const CHILD_FIELDS: FieldDefinition[] = [
  { fieldname: 'parent', fieldtype: 'Data', label: 'Parent' },
  { fieldname: 'parentfield', fieldtype: 'Data', label: 'Parent Field' },
  { fieldname: 'parenttype', fieldtype: 'Data', label: 'Parent Type' },
]
const OPTIONAL_FIELDS: FieldDefinition[] = [
  { fieldname: '_user_tags', fieldtype: 'Data', label: 'Tags' },
  { fieldname: '_comments', fieldtype: 'Text', label: 'Comments' },
  { fieldname: '_assign', fieldtype: 'Text', label: 'Assigned To' },
  { fieldname: '_liked_by', fieldtype: 'Data', label: 'Liked By' },
]

const SYSTEM_NAMES = new Set(
  [...SYSTEM_FIELDS, ...CHILD_FIELDS, ...OPTIONAL_FIELDS].map((field) => field.fieldname),
)

/** A doctype definition with what is asked of it all the time worked out once. */
export class Meta {
  readonly definition: DoctypeDefinition
  readonly name: string
  readonly fields: FieldDefinition[]
  /** All columns, system ones first. */
  readonly columns: FieldDefinition[]
  readonly tables: FieldDefinition[]
  readonly links: FieldDefinition[]
  readonly dynamicLinks: FieldDefinition[]
  readonly isTable: boolean
  readonly isSingle: boolean
  readonly isSubmittable: boolean
  readonly isTree: boolean
  readonly #byName: Map<string, FieldDefinition>
  readonly #columnsByName: Map<string, FieldDefinition>

  constructor(definition: DoctypeDefinition) {
    this.definition = definition
    this.name = definition.name
    this.isTable = Boolean(definition.istable)
    this.isSingle = Boolean(definition.issingle)
    this.isSubmittable = Boolean(definition.is_submittable)
    this.isTree = Boolean(definition.is_tree)
    this.fields = definition.fields
    const system = this.isTable ? [...SYSTEM_FIELDS, ...CHILD_FIELDS] : SYSTEM_FIELDS
    const own = this.fields.filter(hasColumn)
    this.columns = [...system, ...own, ...(this.isTable ? [] : OPTIONAL_FIELDS)]
    this.tables = this.fields.filter(isTableField)
    this.links = this.fields.filter((field) => field.fieldtype === 'Link')
    this.dynamicLinks = this.fields.filter((field) => field.fieldtype === 'Dynamic Link')
    this.#columnsByName = new Map(this.columns.map(byFieldname))
    this.#byName = new Map([...this.fields, ...system, ...OPTIONAL_FIELDS].map(byFieldname))
  }

  field(fieldname: string): FieldDefinition | undefined {
    return this.#byName.get(fieldname)
  }

  /** The field when the table has a column for it. */
  column(fieldname: string): FieldDefinition | undefined {
    return this.#columnsByName.get(fieldname)
  }

  label(fieldname: string): string {
    return this.field(fieldname)?.label || fieldname
  }

  /** Whether a system column, which permission levels don't touch. */
  isSystemField(fieldname: string): boolean {
    return SYSTEM_NAMES.has(fieldname)
  }

  /** Of a tree: the field that points to the parent. */
  get parentField(): string {
    return this.definition.nsm_parent_field ?? `parent_${scrub(this.name)}`
  }
}

function byFieldname(field: FieldDefinition): [string, FieldDefinition] {
  return [field.fieldname, field]
}

/** `Sales Order` -> `sales_order`. */
export function scrub(text: string): string {
  return text.replaceAll(' ', '_').replaceAll('-', '_').toLowerCase()
}

/** The definitions of a site; a later app's definition of the same doctype replaces the earlier. */
export class MetaRegistry {
  readonly #metas = new Map<string, Meta>()
  #linksTo: Map<string, { meta: Meta; field: FieldDefinition }[]> | null = null

  add(definition: DoctypeDefinition): void {
    this.#metas.set(definition.name, new Meta(definition))
    this.#linksTo = null
  }

  has(doctype: string): boolean {
    return this.#metas.has(doctype)
  }

  get(doctype: string): Meta {
    const meta = this.#metas.get(doctype)
    if (!meta) throw new SiteError('DoesNotExistError', `DocType ${doctype} not found`)
    return meta
  }

  all(): Meta[] {
    return [...this.#metas.values()]
  }

  /** Every Link field of the site that points to this doctype. */
  linksTo(doctype: string): { meta: Meta; field: FieldDefinition }[] {
    this.#linksTo ??= Map.groupBy(
      this.all().flatMap((meta) => meta.links.map((field) => ({ meta, field }))),
      ({ field }) => field.options ?? '',
    )
    return this.#linksTo.get(doctype) ?? []
  }
}
