import type { DoctypeDescription, FieldDescription } from '../../../shared/site-protocol.ts'
import { fieldOf, isTable, requireField } from './field-lookup.ts'
import type { ListOrder } from './list-keyset.ts'
import type { ToolContext } from './tool-context.ts'
import { ToolFailure } from './tool-failure.ts'

/** A field as a list asks for it: the expression, the key of its answer, and what it is. */
export interface Selected {
  expression: string
  key: string
  label: string
  field: FieldDescription
  /** The doctype it is a field of. */
  doctype: string
}

/** A field of the doctype, of a linked document (`customer.territory`) or of a child table. */
export async function selectField(
  context: ToolContext,
  description: DoctypeDescription,
  path: string,
): Promise<Selected> {
  const [first = '', second, ...rest] = path.split('.')
  if (rest.length > 0)
    throw new ToolFailure('unknown_field', `"${path}" goes too deep: one dot at most.`)
  const field = requireField(description, first)
  if (second === undefined) {
    if (isTable(field)) {
      throw new ToolFailure(
        'unknown_field',
        `${first} is a child table: ask for one of its fields, such as ${first}.${field.fields?.[0]?.fieldname ?? 'idx'}.`,
      )
    }
    const { doctype } = description
    return { expression: first, key: first, label: field.label, field, doctype }
  }
  const target = await fieldBehind(context, description, field, second)
  const key = `${first}_${second}`
  return {
    expression: `${path} as ${key}`,
    key,
    label: `${target.label} (${field.label})`,
    field: target,
    doctype: field.options ?? '',
  }
}

/** The order with its field; `, name asc` at the end keeps pages stable when the sort key ties. */
export function orderOf(description: DoctypeDescription, orderBy: string | undefined): ListOrder {
  const [given = '', direction = 'asc'] = (orderBy ?? description.sort).trim().split(/[\s,]+/)
  const fieldname = given.replaceAll('`', '').split('.').at(-1) ?? ''
  const wanted = direction.toLowerCase()
  if (orderBy === undefined) {
    if (!fieldOf(description, fieldname)) {
      return { order_by: 'name asc', fieldname: 'name', descending: false }
    }
  } else {
    requireField(description, fieldname)
    if (wanted !== 'asc' && wanted !== 'desc') {
      throw new ToolFailure('invalid_arguments', 'order_by must be "field asc" or "field desc".')
    }
  }
  const descending = wanted === 'desc'
  const first = `${fieldname} ${descending ? 'desc' : 'asc'}`
  const order_by = fieldname === 'name' ? first : `${first}, name asc`
  return { order_by, fieldname, descending }
}

async function fieldBehind(
  context: ToolContext,
  description: DoctypeDescription,
  field: FieldDescription,
  fieldname: string,
): Promise<FieldDescription> {
  if (isTable(field)) {
    const child = field.fields?.find((known) => known.fieldname === fieldname)
    if (child) return child
    throw new ToolFailure('unknown_field', `${field.fieldname} has no field "${fieldname}".`)
  }
  if (field.fieldtype !== 'Link' || !field.options) {
    throw new ToolFailure(
      'unknown_field',
      `${field.fieldname} of ${description.doctype} is neither a link nor a child table.`,
    )
  }
  const target = await context.knowledge.tryDescribe(context.actor, context.session, field.options)
  if (!target) throw new ToolFailure('unknown_field', `You may not read ${field.options}.`)
  return requireField(target, fieldname)
}
