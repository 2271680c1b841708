import { SiteError, validationError } from '../errors.ts'

/** One condition after reading any of the spellings Frappe takes. */
export interface Condition {
  /** Null: the doctype that is listed. */
  doctype: string | null
  fieldname: string
  operator: string
  value: unknown
}

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
  'is',
  'between',
  'timespan',
  'previous',
  'next',
  'descendants of',
  'descendants of (inclusive)',
  'ancestors of',
  'not descendants of',
  'not ancestors of',
])

/** Reads an object, a list of lists or JSON of either. */
export function parseFilters(filters: unknown): Condition[] {
  const given: unknown = typeof filters === 'string' && filters ? JSON.parse(filters) : filters
  if (given === null || given === undefined || given === '') return []
  if (Array.isArray(given)) return given.map(parseOne)
  if (typeof given === 'object') return Object.entries(given).map(fromEntry)
  throw validationError('Filter must be a tuple or list (in a list)')
}

function parseOne(filter: unknown): Condition {
  if (Array.isArray(filter)) return fromList(filter)
  if (filter && typeof filter === 'object') {
    const entry = Object.entries(filter)[0]
    if (entry) return fromEntry(entry)
  }
  throw validationError('Filter must be a tuple or list (in a list)')
}

function fromEntry([fieldname, value]: [string, unknown]): Condition {
  if (!Array.isArray(value)) return condition(null, fieldname, '=', value)
  return condition(null, fieldname, value[0], value[1])
}

function fromList(filter: unknown[]): Condition {
  if (filter.length === 3) return condition(null, filter[0], filter[1], filter[2])
  if (filter.length >= 4) return condition(filter[0], filter[1], filter[2], filter[3])
  throw validationError(
    `Filter must have 4 values (doctype, fieldname, operator, value): ${JSON.stringify(filter)}`,
  )
}

function condition(
  doctype: unknown,
  fieldname: unknown,
  operator: unknown,
  value: unknown,
): Condition {
  const name = String(operator || '=').toLowerCase()
  if (!OPERATORS.has(name)) {
    throw new SiteError('ValidationError', `Operator must be one of ${[...OPERATORS].join(', ')}`)
  }
  return {
    doctype: doctype === null ? null : String(doctype),
    fieldname: String(fieldname),
    operator: name,
    value,
  }
}
