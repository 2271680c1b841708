import type { DoctypeDescription, FieldDescription } from '../../../src/shared/site-protocol.ts'
import type { DoctypeDefinition, FieldDefinition, SiteContext } from '../../site/contract.ts'
import { isVirtual } from '../doctypes.ts'
import { mappingsFrom } from '../operations/mappings.ts'
import { readableChildFields, readableFields } from '../operations/reading.ts'
import { refuse } from '../operations/refusal.ts'
import { isLayout, isSecret, isTable } from '../values.ts'

const RIGHTS = [
  'read',
  'write',
  'create',
  'submit',
  'cancel',
  'delete',
  'amend',
  'report',
  'export',
] as const

/** A doctype as this person may know it; refused where they may neither read nor create. */
export function describeDoctype(doctype: string, site: SiteContext): DoctypeDescription {
  requireKnown(doctype, site)
  const meta = site.meta(doctype)
  const rights = RIGHTS.map((right) => [right, site.hasPermission(doctype, right)])
  return {
    doctype,
    label: doctype,
    module: meta.module,
    is_submittable: Boolean(meta.is_submittable),
    is_single: Boolean(meta.issingle),
    is_tree: Boolean(meta.is_tree),
    title_field: meta.title_field || null,
    search_fields: searchFields(meta),
    sort: `${meta.sort_field || 'modified'} ${(meta.sort_order || 'desc').toLowerCase()}`,
    permissions: Object.fromEntries(rights) as DoctypeDescription['permissions'],
    fields: described(readableFields(doctype, site)).map((field) => describe(field, doctype, site)),
    status_options: statusOptions(meta),
    mappings: mappingsFrom(doctype, site),
  }
}

export function requireKnown(doctype: string, site: SiteContext): void {
  if (!site.hasMeta(doctype)) refuse(`There is no DocType ${doctype}.`, 'DoesNotExistError')
  if (site.meta(doctype).istable) refuse(`${doctype} is part of another document.`)
  if (!site.hasPermission(doctype, 'read') && !site.hasPermission(doctype, 'create')) {
    refuse(`You have no permission to read ${doctype}.`, 'PermissionError')
  }
}

function described(fields: FieldDefinition[]): FieldDefinition[] {
  return fields.filter((field) => !isLayout(field) && !isSecret(field))
}

function describe(field: FieldDefinition, parent: string, site: SiteContext): FieldDescription {
  const { options = '' } = field
  return {
    fieldname: field.fieldname,
    label: field.label || field.fieldname,
    fieldtype: field.fieldtype,
    options: options || null,
    required: Boolean(field.reqd),
    read_only: Boolean(field.read_only) || isVirtual(field),
    in_list_view: Boolean(field.in_list_view),
    default: field.default ? `${field.default}` : null,
    permlevel: field.permlevel ?? 0,
    ...(isTable(field) && site.hasMeta(options)
      ? {
          fields: described(readableChildFields(parent, options, site)).map((child) =>
            describe(child, parent, site),
          ),
        }
      : {}),
  }
}

/** As Frappe: the listed ones, with the name first where it is not among them. */
function searchFields(meta: DoctypeDefinition): string[] {
  const listed = (meta.search_fields ?? '')
    .split(',')
    .map((field) => field.trim())
    .filter(Boolean)
  return listed.includes('name') ? listed : ['name', ...listed]
}

function statusOptions(meta: DoctypeDefinition): string[] {
  const status = meta.fields.find((field) => field.fieldname === 'status')
  if (status?.fieldtype !== 'Select') return []
  return (status.options ?? '').split('\n').filter(Boolean)
}
