import { sql } from 'kysely'
import type { SystemTransaction, TenantTransaction } from '../../platform/database/index.ts'

type Tx = SystemTransaction | TenantTransaction

/** One account of quota: a team's (person `''`) or one person's, in one period. */
export interface AccountKey {
  site_id: string
  team_id: string
  person: string
  period_start: Date
}

export interface Amounts {
  requests: bigint
  nano_usd: bigint
}

/**
 * Makes the account or brings its limits up to date; what is used and held stays. True when an
 * account that was there got other limits.
 */
export async function upsertAccount(
  tx: Tx,
  key: AccountKey,
  limits: { requests: bigint | null; nano_usd: bigint | null },
): Promise<boolean> {
  const { rows } = await sql<{ updated: boolean }>`insert into quota_limit
      (site_id, team_id, person, period_start, limit_requests, limit_nano_usd)
    values (${key.site_id}, ${key.team_id}, ${key.person}, ${key.period_start},
      ${limits.requests}, ${limits.nano_usd})
    on conflict (site_id, team_id, person, period_start) do update
      set limit_requests = excluded.limit_requests, limit_nano_usd = excluded.limit_nano_usd
      where (quota_limit.limit_requests, quota_limit.limit_nano_usd)
        is distinct from (excluded.limit_requests, excluded.limit_nano_usd)
    returning xmax <> 0 as updated`.execute(tx)
  return rows[0]?.updated ?? false
}

/** The accounts of a team in one period, the team's own first. */
export async function readAccounts(tx: Tx, key: Omit<AccountKey, 'person'>) {
  return tx
    .selectFrom('quota_limit')
    .selectAll()
    .where('site_id', '=', key.site_id)
    .where('team_id', '=', key.team_id)
    .where('period_start', '=', key.period_start)
    .orderBy('person')
    .execute()
}
