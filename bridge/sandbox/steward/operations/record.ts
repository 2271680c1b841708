import type {
  OperationAction,
  OperationOutcome,
  OperationState,
} from '../../../src/shared/site-protocol.ts'
import type { Controller, SiteContext } from '../../site/contract.ts'
import { utcOf } from '../site-time.ts'
import { textOf } from '../values.ts'
import { refuse } from './refusal.ts'

const DOCTYPE = 'Steward Operation'

export type OperationRow = Record<string, unknown>

/** Rows are written inside the transaction of the change, and never again through any API. */
export const operationRecord: Controller = {
  beforeInsert: refuseChange,
  validate: refuseChange,
  onTrash: refuseChange,
}

function refuseChange(): never {
  refuse(
    'A Steward Operation is a record of what happened; nobody can change it.',
    'PermissionError',
  )
}

/** Claims the ids. The site runs one transaction at a time, so a free id stays free meanwhile. */
export function insertRows(rows: OperationRow[], site: SiteContext): void {
  for (const row of rows) {
    site.dbInsert({
      doctype: DOCTYPE,
      docstatus: 0,
      decided_at: site.now(),
      operation_id: row.name,
      ...row,
      name: textOf(row.name),
    })
  }
}

/** Fills in the effect before the claiming transaction commits. */
export function completeRow(id: string, values: Record<string, unknown>, site: SiteContext): void {
  site.dbSet(DOCTYPE, id, values, false)
}

export function storedRows(ids: string[], site: SiteContext): Map<string, OperationRow> {
  const rows = ids.filter((id) => site.exists(DOCTYPE, id)).map((id) => site.getDoc(DOCTYPE, id))
  return new Map(rows.map((row) => [row.name, row]))
}

/** Applied id to the id that undid it. */
export function undoneBy(ids: string[], site: SiteContext): Map<string, string> {
  const rows = site.getAll(DOCTYPE, {
    filters: [['undo_of', 'in', ids]],
    fields: ['name', 'undo_of'],
    order_by: null,
  })
  return new Map(rows.map((row) => [textOf(row.undo_of), textOf(row.name)]))
}

/** An outcome for each id, in the order asked for. */
export function outcomes(ids: string[], site: SiteContext): OperationOutcome[] {
  const rows = storedRows(ids, site)
  const undone = undoneBy(ids, site)
  return ids.map((id) => outcome(id, rows.get(id) ?? {}, undone.get(id) ?? null, site))
}

function outcome(
  id: string,
  row: OperationRow,
  undone: string | null,
  site: SiteContext,
): OperationOutcome {
  const name = textOf(row.reference_name) || null
  const doctype = textOf(row.reference_doctype)
  const stands = name !== null && row.state === 'applied' && row.action !== 'delete'
  return {
    operation_id: id,
    state: (textOf(row.state) || 'unknown') as OperationState,
    action: (textOf(row.action) || 'create') as OperationAction,
    doctype,
    name,
    title: textOf(row.reference_title) || null,
    docstatus: stands ? (Number(row.docstatus_after) as 0 | 1 | 2) : null,
    modified: textOf(row.modified_after) || null,
    at: utcOf(textOf(row.decided_at), site),
    path: stands ? deskPath(doctype, name) : null,
    hash: textOf(row.effect_hash) || null,
    person: textOf(row.person) || null,
    request_id: textOf(row.request_id) || null,
    undone_by: undone,
  }
}

function deskPath(doctype: string, name: string): string {
  const page = encodeURIComponent(doctype.toLowerCase().replaceAll(' ', '-'))
  return `/app/${page}/${encodeURIComponent(name)}`
}
