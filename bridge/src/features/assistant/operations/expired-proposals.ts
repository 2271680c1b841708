import { recordDecision, type DecisionDependencies } from './decision.ts'

/** Proposals older than this are not approved any more: what they would do may be another thing now. */
export const PROPOSAL_LIFE_MS = 7 * 24 * 3_600_000

/** Closes proposals nobody decided; one that was ever sent to ERPNext is never closed this way. */
export async function expireProposals(dependencies: DecisionDependencies): Promise<number> {
  const before = new Date(dependencies.clock.now().getTime() - PROPOSAL_LIFE_MS)
  const lists = await dependencies.database.withSystem('expire old proposals', (tx) =>
    tx
      .selectFrom('operation_list')
      .selectAll()
      .where('state', '=', 'proposed')
      .where('apply_sent', '=', false)
      .where('proposed_at', '<', before)
      .limit(100)
      .execute(),
  )
  let expired = 0
  for (const list of lists) {
    if (await recordDecision(dependencies, list, { state: 'expired' }, false)) expired += 1
  }
  return expired
}
