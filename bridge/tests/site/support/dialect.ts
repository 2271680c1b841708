import { STEWARD_METHODS } from '../../../src/shared/site-protocol.ts'
import type { SiteIdentity } from '../../../src/shared/site-protocol.ts'
import type { SiteClient } from './site-client.ts'

/**
 * What Frappe 15 and 16 answer differently and Steward takes either way, as seen on 15.101 and
 * 16.13. Whatever isn't in here has to be the same on both.
 */
export interface Dialect {
  /** Where Desk is. */
  desk: string
  unreadableJson: number
  unknownOperator: { status: number; type: string }
  unknownSortColumn: { status: number; type: string }
  /** A field of a list that is computed: `count(name) as n`. */
  measure(name: 'count' | 'sum' | 'max', field: string, as: string): unknown
  /** The method behind a link field, and its answer for a name nobody has. */
  linkCheck: { method: string; missing: unknown }
  /** A row whose item nobody has, saved without the app. */
  unknownItem: { status: number; type: string; message(item: string): string }
  /** Reasons of refusals, without their HTML. */
  closedDoctype(user: string, doctype: string): string
  hiddenDocument(hidden: { doctype: string; name: string; customer: string }): string
  refusedDeletion(user: string, doctype: string, name: string): string[]
}

const FRAPPE_15: Dialect = {
  desk: '/app',
  unreadableJson: 500,
  unknownOperator: { status: 417, type: 'ValidationError' },
  unknownSortColumn: { status: 500, type: 'OperationalError' },
  measure: (name, field, as) => `${name}(${field}) as ${as}`,
  linkCheck: { method: 'frappe.client.validate_link', missing: { name: null } },
  unknownItem: {
    status: 404,
    type: 'DoesNotExistError',
    message: (item) => `Item ${item} not found`,
  },
  closedDoctype,
  hiddenDocument: ({ doctype, customer }) =>
    `You are not allowed to access this ${doctype} record because it is linked to Customer '${customer}' in field Customer`,
  refusedDeletion: (user, doctype, name) => [
    `User ${user} does not have access to this document: ${doctype} - ${name}`,
    `User not allowed to delete ${doctype}: ${name}`,
  ],
}

const FRAPPE_16: Dialect = {
  desk: '/desk',
  unreadableJson: 417,
  unknownOperator: { status: 500, type: 'KeyError' },
  unknownSortColumn: { status: 403, type: 'PermissionError' },
  measure: (name, field, as) => ({ [name.toUpperCase()]: field, as }),
  linkCheck: { method: 'frappe.client.validate_link_and_fetch', missing: {} },
  unknownItem: {
    status: 417,
    type: 'LinkValidationError',
    message: (item) => `Could not find Row #1: Item Code: ${item}`,
  },
  closedDoctype: (_user, doctype) => `Insufficient Permission for ${doctype}`,
  hiddenDocument: ({ doctype, name }) =>
    `You need the 'read' permission on ${doctype} ${name} to perform this action.`,
  refusedDeletion: (user, doctype) => [closedDoctype(user, doctype)],
}

function closedDoctype(user: string, doctype: string): string {
  return `User ${user} does not have doctype access via role permission for document ${doctype}`
}

export async function dialectOf(site: SiteClient): Promise<Dialect> {
  const { frappe_version: version } = await site.call<SiteIdentity>(STEWARD_METHODS.whoami)
  if (version.startsWith('15.')) return FRAPPE_15
  if (version.startsWith('16.')) return FRAPPE_16
  throw new Error(`no dialect is known for Frappe ${version}`)
}
