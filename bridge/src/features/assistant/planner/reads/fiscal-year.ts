import type { PlannerTurn } from '../planner-turn.ts'
import type { ReadQuery } from './read-query.ts'

/** A fiscal year's days come from the site's Fiscal Year records. */
export async function datedFiscalYear(
  period: ReadQuery['period'],
  planner: PlannerTurn,
): Promise<ReadQuery['period']> {
  if (period?.fiscal === undefined) return period
  const { table } = await planner.site.call('list_records', {
    doctype: 'Fiscal Year',
    fields: ['name', 'year_start_date', 'year_end_date'],
    order_by: 'year_start_date asc',
    limit: 100,
  })
  const { today } = planner.turn
  const current = table.rows.findIndex(
    (row) => String(row.year_start_date) <= today && String(row.year_end_date) >= today,
  )
  const year = table.rows[current + period.fiscal]
  if (current < 0 || !year) return period
  return { ...period, from: String(year.year_start_date), to: String(year.year_end_date) }
}
