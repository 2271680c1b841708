import type { DoctypeDefinition, FieldDefinition, PermissionDefinition } from '../contract.ts'

type FieldExtras = Omit<Partial<FieldDefinition>, 'fieldname' | 'fieldtype' | 'label'>

/** `field('due_date', 'Date')`: the label is the name in words unless given. */
export function field(
  fieldname: string,
  fieldtype: string,
  extras: FieldExtras & { label?: string } = {},
): FieldDefinition {
  return { fieldname, fieldtype, label: labelOf(fieldname), ...extras }
}

export function link(
  fieldname: string,
  options: string,
  extras: FieldExtras = {},
): FieldDefinition {
  return field(fieldname, 'Link', { options, ...extras })
}

export function check(fieldname: string, initial: '0' | '1' = '0'): FieldDefinition {
  return field(fieldname, 'Check', { default: initial })
}

function labelOf(fieldname: string): string {
  return fieldname
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}

/** A role with rights by first letter: read, write, create, delete, report, export, share, print, email. */
export function allow(
  role: string,
  rights: string,
  extras: Partial<PermissionDefinition> = {},
): PermissionDefinition {
  const granted = rights.split(' ').map((right) => [right, 1] as const)
  return { role, ...Object.fromEntries(granted), ...extras }
}

export const FULL = 'read write create delete report export share print email'

export function doctype(
  name: string,
  module: string,
  fields: FieldDefinition[],
  permissions: PermissionDefinition[],
  extras: Partial<DoctypeDefinition> = {},
): DoctypeDefinition {
  return {
    name,
    module,
    fields,
    permissions,
    sort_field: 'modified',
    sort_order: 'DESC',
    ...extras,
  }
}

export function childTable(
  name: string,
  module: string,
  fields: FieldDefinition[],
): DoctypeDefinition {
  return doctype(name, module, fields, [], { istable: 1, autoname: 'hash' })
}
