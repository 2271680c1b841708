import type { Selectable } from 'kysely'
import type { AuditEventTable } from '../../platform/audit/index.ts'
import type { TenantTransaction } from '../../platform/database/index.ts'

export type AuditEventRow = Selectable<AuditEventTable>

export interface AuditFilter {
  action?: string | undefined
  person?: string | undefined
  target_id?: string | undefined
  from: Date | null
  /** First moment that is not shown any more. */
  until: Date | null
}

/** Entries of the team before `before`, newest first. */
export async function listAudit(
  tx: TenantTransaction,
  filter: AuditFilter,
  page: { before: bigint | null; limit: number },
): Promise<AuditEventRow[]> {
  let query = tx.selectFrom('audit_event').selectAll()
  const { action, person, target_id } = filter
  if (action) {
    query = query.where((eb) =>
      eb.or([eb('action', '=', action), eb('action', '^@', `${action}.`)]),
    )
  }
  if (person) query = query.where('person', '=', person)
  if (target_id) query = query.where('target_id', '=', target_id)
  if (filter.from) query = query.where('at', '>=', filter.from)
  if (filter.until) query = query.where('at', '<', filter.until)
  if (page.before) query = query.where('seq', '<', page.before)
  return query.orderBy('seq', 'desc').limit(page.limit).execute()
}
