import { StewardError } from '../../../../shared/errors.ts'
import { knowledgeOf } from '../knowledge/index.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import type { WritePlan } from './write-plan.ts'

/** The complete new items table of a document: the rows it has, with one set, added or removed. */
export async function changedRows(
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Record<string, unknown>> {
  if (plan.rows?.table && plan.name) return creditLimits(plan, planner)
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
    return { [items.field]: [...rows.map(kept), { item_code, ...date, ...plan.rows.values }] }
  }
  const fits = (row: Record<string, unknown>) => row.item_code === item_code
  const only = item_code === null && rows.length === 1
  if (!only && !rows.some(fits)) {
    throw new StewardError(
      'not_found',
      `${plan.name} has no row with ${item_code ?? 'one item only'}.`,
    )
  }
  const table =
    kind === 'remove'
      ? rows.filter((row) => !fits(row)).map(kept)
      : rows.map((row) => ({ ...kept(row), ...(only || fits(row) ? plan.rows!.values : {}) }))
  return { [items.field]: table }
}

/** A row that stays as it is only needs its name. */
function kept({ name }: Record<string, unknown>): Record<string, unknown> {
  return { name }
}

/** The limits of other companies stay as they are. */
async function creditLimits(
  plan: WritePlan,
  planner: PlannerTurn,
): Promise<Record<string, unknown>> {
  const target = { doctype: plan.doctype, name: plan.name! }
  const { values } = await planner.site.call('read_record', target)
  const rows = (values.credit_limits ?? []) as Record<string, unknown>[]
  const { company, ...change } = plan.rows!.values
  const isKnown = rows.some((row) => row.company === company)
  const changed = rows.map((row) => ({
    ...kept(row),
    ...(row.company === company ? change : {}),
  }))
  return { credit_limits: isKnown ? changed : [...changed, { company, ...change }] }
}
