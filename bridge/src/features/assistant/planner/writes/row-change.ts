import { StewardError } from '../../../../shared/errors.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from './write-plan.ts'

/** The complete new items table of a document: the rows it has, with one set, added or removed. */
export async function changedRows(
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Record<string, unknown>> {
  const items = knowledgeOf(plan.doctype)?.items
  if (!items || !plan.rows || !plan.name) return {}
  const { values } = await planner.site.call('read_record', {
    doctype: plan.doctype,
    name: plan.name,
  })
  const rows = (values[items.field] ?? []) as Record<string, unknown>[]
  const { kind, item_code } = plan.rows
  if (kind === 'add') {
    const date = items.dateField ? { [items.dateField]: values[items.dateField] } : {}
    return { [items.field]: [...rows, { item_code, ...date, ...plan.rows.values }] }
  }
  const fits = (row: Record<string, unknown>) => row.item_code === item_code
  const only = item_code === null && rows.length === 1
  if (!only && !rows.some(fits)) {
    throw new StewardError(
      'not_found',
      `${plan.name} has no row with ${item_code ?? 'one item only'}.`,
    )
  }
  const kept =
    kind === 'remove'
      ? rows.filter((row) => !fits(row))
      : rows.map((row) => (only || fits(row) ? { ...row, ...plan.rows!.values } : row))
  return { [items.field]: kept }
}
