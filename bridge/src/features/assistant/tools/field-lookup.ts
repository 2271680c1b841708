import type { DoctypeDescription, FieldDescription } from '../../../shared/site-protocol.ts'
import { closestWords } from './text-similarity.ts'
import { ToolFailure } from './tool-failure.ts'

const STANDARD: Record<string, [label: string, fieldtype: string]> = {
  name: ['ID', 'Data'],
  owner: ['Created By', 'Data'],
  creation: ['Created On', 'Datetime'],
  modified: ['Last Updated On', 'Datetime'],
  modified_by: ['Last Updated By', 'Data'],
  docstatus: ['Document Status', 'Int'],
  idx: ['Index', 'Int'],
}

/** The doctype's field of this name, system fields included; undefined when there is none. */
export function fieldOf(
  description: DoctypeDescription,
  fieldname: string,
): FieldDescription | undefined {
  const standard = STANDARD[fieldname]
  if (standard) return systemField(fieldname, standard)
  return description.fields.find((field) => field.fieldname === fieldname)
}

/** The field, or a failure that names the closest ones. */
export function requireField(description: DoctypeDescription, fieldname: string): FieldDescription {
  const field = fieldOf(description, fieldname)
  if (field) return field
  const names = description.fields.map((known) => known.fieldname)
  const close = closestWords(fieldname, names, 4)
  const hint = close.length > 0 ? ` Did you mean ${close.join(', ')}?` : ''
  throw new ToolFailure(
    'unknown_field',
    `${description.doctype} has no field "${fieldname}" that you may read.${hint}`,
  )
}

export function isTable(field: FieldDescription): boolean {
  return field.fieldtype === 'Table' || field.fieldtype === 'Table MultiSelect'
}

function systemField(fieldname: string, [label, fieldtype]: [string, string]): FieldDescription {
  return {
    fieldname,
    label,
    fieldtype,
    options: null,
    required: false,
    read_only: true,
    in_list_view: false,
    default: null,
    permlevel: 0,
  }
}
