import type { OperationAction, OperationInput } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { refuse } from './refusal.ts'

const ACTIONS = ['create', 'update', 'submit', 'cancel', 'delete', 'amend']
const VALUED = ['create', 'update', 'amend']
const MAX_OPERATIONS = 20
const MAX_BYTES = 1_000_000

/** One proposed change, checked; mirrors `OperationInput`. */
export interface Operation {
  operation_id: string
  action: OperationAction
  doctype: string
  name: OperationInput['name'] | null
  base_modified: string | null
  values: Record<string, unknown>
  source: Record<string, unknown> | null
}

/** The list as operations; refuses with the operation and the reason before anything is touched. */
export function parseOperations(operations: unknown, site: SiteContext): Operation[] {
  const rows = parseJson(operations)
  if (!Array.isArray(rows) || !rows.length) return refuse('At least one operation is needed.')
  if (rows.length > MAX_OPERATIONS) {
    refuse(`A list holds at most ${MAX_OPERATIONS} operations.`)
  }
  if (JSON.stringify(rows).length > MAX_BYTES) refuse('The list of operations is too large.')
  const parsed = rows.map((row) => parseOperation(row, site))
  checkIds(parsed)
  return parsed
}

/** What was asked, for the record: empty members left out. */
export function asAsked(operation: Operation): Record<string, unknown> {
  const members = Object.entries(operation).filter(
    ([, value]) => value && (typeof value !== 'object' || Object.keys(value).length > 0),
  )
  return Object.fromEntries(members)
}

export function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
}

function parseOperation(row: unknown, site: SiteContext): Operation {
  if (!isObject(row)) return refuse('An operation must be an object.')
  const operation = {
    operation_id: checkId(row.operation_id),
    action: row.action as OperationAction,
    doctype: typeof row.doctype === 'string' ? row.doctype : '',
    name: (row.name as Operation['name']) || null,
    base_modified: (row.base_modified as string | undefined) || null,
    values: (row.values as Record<string, unknown> | undefined) ?? {},
    source: (row.source as Record<string, unknown> | undefined) ?? null,
  }
  checkShape(operation, site)
  return operation
}

function checkShape(operation: Operation, site: SiteContext): void {
  const { action, doctype, name, values, source } = operation
  if (!ACTIONS.includes(action)) refuse(`${action || 'Nothing'} is no action.`)
  if (!site.hasMeta(doctype)) refuse(`There is no DocType ${doctype}.`, 'DoesNotExistError')
  if (!isObject(values)) refuse('The values of an operation must be an object.')
  if (Object.keys(values).length && !VALUED.includes(action)) refuse(`${action} takes no values.`)
  if (action === 'create' && name) {
    refuse('ERPNext names a new document itself; leave its name out.')
  }
  if (action !== 'create' && !name) refuse(`${action} needs the name of a document.`)
  if (name && typeof name !== 'string' && !isReference(name)) {
    refuse('A name must be text or a reference.')
  }
  if (source) checkSource(operation, source)
}

function checkSource(operation: Operation, source: Record<string, unknown>): void {
  if (operation.action !== 'create' || !isObject(source)) {
    refuse('Only a new document can be made from another one.')
  }
  if (!source.method || !source.doctype || !source.name) {
    refuse('A source needs a method, a doctype and a name.')
  }
}

export function checkId(id: unknown): string {
  if (typeof id !== 'string' || id.length < 8 || id.length > 140) {
    return refuse('An operation needs an id of 8 to 140 characters.')
  }
  if (!/^[A-Za-z0-9_-]+$/.test(id)) {
    refuse('An operation id is made of letters, digits, - and _.')
  }
  return id
}

function checkIds(operations: Operation[]): void {
  const seen = new Set<string>()
  for (const operation of operations) {
    const { operation_id: id, name, values, source } = operation
    if (seen.has(id)) refuse(`Two operations have the id ${id}.`)
    for (const reference of referencesIn([name, values, source])) {
      if (!seen.has(reference)) refuse(`${id} refers to no earlier operation.`)
    }
    seen.add(id)
  }
}

export function isReference(value: unknown): value is { $ref: string } {
  return isObject(value) && Object.keys(value).length === 1 && typeof value.$ref === 'string'
}

function referencesIn(value: unknown): string[] {
  if (isReference(value)) return [value.$ref]
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : []
}

/** `value` with each reference replaced by the name the document of that operation got. */
export function resolve<T>(value: T, names: ReadonlyMap<string, string>): T {
  if (isReference(value)) return (names.get(value.$ref) ?? '') as T
  if (Array.isArray(value)) return value.map((item: unknown) => resolve(item, names)) as T
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, item]) => [key, resolve(item, names)])
  return Object.fromEntries(members) as T
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
