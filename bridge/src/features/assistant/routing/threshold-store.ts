import type { RequestClass, RouteDecision } from '../../../shared/assistant-protocol.ts'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { Thresholds } from './threshold.ts'
import './tables.ts'

export interface Correction {
  id: string
  site_id: string
  team_id: string
  person: string
  text: string
  decided: RouteDecision
  correct_class: RequestClass
  at: Date
}

/** The team's thresholds, locked when they are about to change. */
export async function readThresholds(
  tx: TenantTransaction,
  lock: 'for update' | 'none' = 'none',
): Promise<Thresholds> {
  const query = tx.selectFrom('route_threshold').select('thresholds')
  const row = await (lock === 'none' ? query : query.forUpdate()).executeTakeFirst()
  return row?.thresholds ?? {}
}

export async function saveThresholds(
  tx: TenantTransaction,
  team: { site_id: string; team_id: string },
  thresholds: Thresholds,
  at: Date,
): Promise<void> {
  const values = { thresholds: JSON.stringify(thresholds), updated_at: at }
  await tx
    .insertInto('route_threshold')
    .values({ site_id: team.site_id, team_id: team.team_id, ...values })
    .onConflict((conflict) => conflict.columns(['site_id', 'team_id']).doUpdateSet(values))
    .execute()
}

export async function addCorrection(tx: TenantTransaction, correction: Correction): Promise<void> {
  const { id, site_id, team_id, person, text, decided, correct_class, at } = correction
  await tx
    .insertInto('route_correction')
    .values({
      ...{ id, site_id, team_id, person, text, correct_class },
      decided_class: decided.class,
      confidence: decided.confidence,
      created_at: at,
    })
    .execute()
}
