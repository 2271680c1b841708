import { sql } from 'kysely'
import type { TenantTransaction } from '../../platform/database/index.ts'

/** What costs can be shown by; each names its SQL expression. */
const GROUPS = {
  day: sql<string>`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`,
  person: sql<string>`person`,
  route: sql<string>`purpose`,
  model: sql<string>`provider || '/' || model`,
  doctype: sql<string>`coalesce(doctype, '')`,
} as const

export type CostGroup = keyof typeof GROUPS
export const COST_GROUPS = Object.keys(GROUPS) as [CostGroup, ...CostGroup[]]

export interface UsageWindow {
  from: Date
  to: Date
  /** Only this person's calls; null for the whole team's. */
  person: string | null
}

export interface UsageSums {
  calls: number
  failed_calls: number
  input_tokens: bigint
  cached_input_tokens: bigint
  output_tokens: bigint
  reasoning_tokens: bigint
  nano_usd: bigint
  large_nano_usd: bigint
}

/** Sums of a team's model calls, by one group or as one row (`group` null). */
export async function sumUsage(
  tx: TenantTransaction,
  window: UsageWindow,
  group: CostGroup | null,
): Promise<(UsageSums & { key: string })[]> {
  const key = group === null ? sql<string>`''` : GROUPS[group]
  const result = await sql<UsageSums & { key: string }>`
    select ${key} as key, count(*)::int as calls,
      count(*) filter (where outcome <> 'finished')::int as failed_calls,
      coalesce(sum(input_tokens), 0)::bigint as input_tokens,
      coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
      coalesce(sum(output_tokens), 0)::bigint as output_tokens,
      coalesce(sum(reasoning_tokens), 0)::bigint as reasoning_tokens,
      coalesce(sum(nano_usd), 0)::bigint as nano_usd,
      coalesce(sum(large_nano_usd), 0)::bigint as large_nano_usd
    from model_call
    where started_at >= ${window.from} and started_at < ${window.to}
      and (${window.person}::text is null or person = ${window.person})
    group by 1 order by ${group === 'day' ? sql`1` : sql`nano_usd desc, 1`} limit 1000`.execute(tx)
  return result.rows
}

/** What a person's calls cost since `from`, and how many requests they made with API keys. */
export async function usedBy(
  tx: TenantTransaction,
  person: string,
  from: Date,
): Promise<{ keyed_requests: number; nano_usd: bigint }> {
  const result = await sql<{ keyed_requests: number; nano_usd: bigint }>`
    select count(distinct request_id) filter (where api_key_id is not null)::int as keyed_requests,
      coalesce(sum(nano_usd), 0)::bigint as nano_usd
    from model_call where person = ${person} and started_at >= ${from}`.execute(tx)
  return result.rows[0] ?? { keyed_requests: 0, nano_usd: 0n }
}

/** Where a provider says it charged something else than the price book does. */
export async function reconcile(tx: TenantTransaction, window: UsageWindow) {
  const result = await sql<{
    model: string
    calls: number
    nano_usd: bigint
    provider_nano_usd: bigint
  }>`
    select provider || '/' || model as model, count(*)::int as calls,
      sum(nano_usd)::bigint as nano_usd, sum(provider_nano_usd)::bigint as provider_nano_usd
    from model_call
    where provider_nano_usd is not null and started_at >= ${window.from}
      and started_at < ${window.to} and (${window.person}::text is null or person = ${window.person})
    group by 1 order by 1`.execute(tx)
  return result.rows
}

const CALL_COLUMNS = [
  ...(['id', 'purpose', 'provider', 'model', 'tier', 'outcome', 'finish_reason'] as const),
  ...(['input_tokens', 'cached_input_tokens', 'cache_write_tokens', 'output_tokens'] as const),
  ...(['reasoning_tokens', 'usage_source', 'nano_usd', 'first_token_ms', 'total_ms'] as const),
  'started_at' as const,
]
const MOST_CALLS = 500

/** The ledger rows of a request in the order they began; only this person's when one is named. */
export async function callsOfRequest(
  tx: TenantTransaction,
  requestId: string,
  person: string | null,
) {
  let query = tx.selectFrom('model_call').select(CALL_COLUMNS).where('request_id', '=', requestId)
  if (person !== null) query = query.where('person', '=', person)
  return query.orderBy('started_at').orderBy('id').limit(MOST_CALLS).execute()
}
