import type { DoctypeDescription, Filter } from '../../../shared/site-protocol.ts'
import type { ListFilter } from '../ports.ts'
import { fieldOf, isTable, requireField } from './field-lookup.ts'
import type { ToolContext } from './tool-context.ts'
import { ToolFailure } from './tool-failure.ts'

const OPERATORS = new Set([
  '=',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'like',
  'not like',
  'in',
  'not in',
  'between',
  'is',
  'timespan',
  'previous',
  'next',
  'descendants of',
  'ancestors of',
  'not descendants of',
  'not ancestors of',
  'descendants of (inclusive)',
])
const LINKED_LIMIT = 200

/** Checks filters against the doctype and turns linked and child ones into what Frappe takes. */
export async function siteFilters(
  context: ToolContext,
  description: DoctypeDescription,
  filters: Filter[],
): Promise<ListFilter[]> {
  const result: ListFilter[] = []
  for (const filter of filters) result.push(await siteFilter(context, description, filter))
  return result
}

async function siteFilter(
  context: ToolContext,
  description: DoctypeDescription,
  [path, rawOperator, value]: Filter,
): Promise<ListFilter> {
  const operator = rawOperator.trim().toLowerCase()
  checkOperator(path, operator, value)
  const [first = '', second] = path.split('.')
  const field = requireField(description, first)
  if (second === undefined) return [first, operator, valueFor(operator, value)]
  if (isTable(field)) {
    if (!field.fields?.some((child) => child.fieldname === second)) {
      throw new ToolFailure('unknown_field', `${first} has no field "${second}".`)
    }
    return [field.options ?? '', second, operator, valueFor(operator, value)]
  }
  return linkedFilter(context, field.options, first, [second, operator, valueFor(operator, value)])
}

/** Frappe's lists cannot filter over a link: the linked names are read first. */
async function linkedFilter(
  context: ToolContext,
  doctype: string | null,
  link: string,
  filter: [string, string, unknown],
): Promise<ListFilter> {
  const target = doctype
    ? await context.knowledge.tryDescribe(context.actor, context.session, doctype)
    : null
  if (!target) throw new ToolFailure('unknown_field', `${link} is not a link you may read.`)
  requireField(target, filter[0])
  const rows = await context.session.list(target.doctype, {
    fields: ['name'],
    filters: [filter],
    order_by: 'name asc',
    limit: LINKED_LIMIT + 1,
  })
  if (rows.length > LINKED_LIMIT) {
    throw new ToolFailure(
      'invalid_filter',
      `More than ${LINKED_LIMIT} ${target.label} fit "${link}.${filter[0]}"; narrow it down, or use aggregate.`,
    )
  }
  return [link, 'in', rows.map((row) => String(row.name))]
}

function checkOperator(path: string, operator: string, value: unknown): void {
  if (!OPERATORS.has(operator)) {
    throw new ToolFailure(
      'invalid_filter',
      `"${operator}" on ${path} is not an operator of a list.`,
    )
  }
  const pair = Array.isArray(value) && value.length === 2
  if (operator === 'between' && !pair) {
    throw new ToolFailure('invalid_filter', `between on ${path} takes [from, to].`)
  }
  if ((operator === 'in' || operator === 'not in') && !Array.isArray(value)) {
    throw new ToolFailure('invalid_filter', `${operator} on ${path} takes a list of values.`)
  }
  if (operator === 'is' && value !== 'set' && value !== 'not set') {
    throw new ToolFailure('invalid_filter', `is on ${path} takes "set" or "not set".`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    throw new ToolFailure('invalid_filter', `The value of ${path} must be plain, not an object.`)
  }
}

/** Checks are stored as 0 and 1. */
function valueFor(operator: string, value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if ((operator === 'like' || operator === 'not like') && typeof value === 'string') {
    return value.includes('%') ? value : `%${value}%`
  }
  return value
}

/** Path of the same list in Desk, with the filters a Desk address can carry. */
export function deskListPath(description: DoctypeDescription, filters: Filter[]): string {
  const query = filters
    .filter(([path]) => !path.includes('.') && fieldOf(description, path))
    .map(([path, operator, value]) => {
      const text = operator === '=' ? String(value) : JSON.stringify([operator, value])
      return `${encodeURIComponent(path)}=${encodeURIComponent(text)}`
    })
  const path = `/app/${slug(description.doctype)}`
  return query.length > 0 ? `${path}?${query.join('&')}` : path
}

export function deskDocumentPath(doctype: string, name: string): string {
  return `/app/${slug(doctype)}/${encodeURIComponent(name)}`
}

function slug(doctype: string): string {
  return doctype.toLowerCase().replaceAll(' ', '-')
}
