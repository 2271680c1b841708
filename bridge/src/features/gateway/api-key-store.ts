import type { SystemTransaction, TenantTransaction } from '../../platform/database/index.ts'
import type { ApiKeyTable } from './tables.ts'
import type { Insertable } from 'kysely'

export async function insertKey(
  tx: TenantTransaction,
  key: Insertable<ApiKeyTable>,
): Promise<void> {
  await tx.insertInto('api_key').values(key).execute()
}

/** A team's keys made before the key `before`, newest first; revoked ones too. */
export async function listKeys(
  tx: TenantTransaction,
  page: { before: string | null; limit: number },
) {
  let query = tx.selectFrom('api_key').selectAll()
  if (page.before) query = query.where('id', '<', page.before)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** False when the team has no such key that still holds. */
export async function revokeKey(tx: TenantTransaction, id: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function findKey(tx: SystemTransaction, id: string) {
  return tx.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function touchKeys(tx: SystemTransaction, ids: string[], now: Date): Promise<void> {
  await tx.updateTable('api_key').set({ last_used_at: now }).where('id', 'in', ids).execute()
}
