import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { WithheldValue } from './withheld-values.ts'

/** Turns of a conversation whose values are looked for in its texts. */
const TURNS = 100

export async function withheldOf(
  tx: TenantTransaction,
  conversationId: string,
): Promise<WithheldValue[]> {
  const rows = await tx
    .selectFrom('withheld_values')
    .select('withheld')
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at', 'desc')
    .limit(TURNS)
    .execute()
  return rows.toReversed().flatMap((row) => row.withheld)
}

export async function storeWithheld(
  tx: TenantTransaction,
  turn: {
    id: string
    site_id: string
    team_id: string
    conversation_id: string
    withheld: WithheldValue[]
    created_at: Date
  },
): Promise<void> {
  await tx
    .insertInto('withheld_values')
    .values({ ...turn, withheld: JSON.stringify(turn.withheld) })
    .execute()
}
