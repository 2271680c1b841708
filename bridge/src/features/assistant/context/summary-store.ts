import type { Selectable } from 'kysely'
import type { TenantTransaction } from '../../../platform/database/index.ts'
import type { ConversationSummaryTable } from '../tables.ts'

export type ConversationSummary = Selectable<ConversationSummaryTable>

export async function readSummary(
  tx: TenantTransaction,
  conversationId: string,
): Promise<ConversationSummary | undefined> {
  return tx
    .selectFrom('conversation_summary')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
}

/** A summary only ever reaches further; an older one that comes late changes nothing. */
export async function storeSummary(
  tx: TenantTransaction,
  summary: Omit<ConversationSummary, 'facts'> & { facts: string[] },
): Promise<void> {
  const values = { ...summary, facts: JSON.stringify(summary.facts) }
  await tx
    .insertInto('conversation_summary')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .column('conversation_id')
        .doUpdateSet({
          text: values.text,
          facts: values.facts,
          up_to_number: values.up_to_number,
          created_at: values.created_at,
        })
        .where('conversation_summary.up_to_number', '<', values.up_to_number),
    )
    .execute()
}
