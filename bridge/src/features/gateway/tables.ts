import type { ColumnType, Generated } from 'kysely'

type Json<T> = ColumnType<T, string, string>

/** The ledger: one row a model call, written once. */
export interface ModelCallTable {
  id: string
  site_id: string
  team_id: string
  person: string
  request_id: string
  purpose: string
  doctype: string | null
  api_key_id: string | null
  provider: string
  model: string
  tier: string
  /** `finished`, or the kind of failure. */
  outcome: string
  finish_reason: string | null
  input_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  output_tokens: number
  reasoning_tokens: number
  nano_usd: bigint
  /** What the provider says it charged, when it says so. */
  provider_nano_usd: bigint | null
  /** What the same tokens cost on the large tier's first model. */
  large_nano_usd: bigint
  /** `provider`, or `estimated` when the stream died before it said. */
  usage_source: string
  first_token_ms: number | null
  total_ms: number
  started_at: Date
}

export interface ApiKeyTable {
  id: string
  site_id: string
  team_id: string
  /** Who made it: its calls count for this person. */
  person: string
  name: string
  /** SHA-256 of the secret part. */
  key_hash: string
  scopes: Json<string[]>
  requests_per_minute: number
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
  created_at: Generated<Date>
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    model_call: ModelCallTable
    api_key: ApiKeyTable
  }
}
