import { sql } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

export const gatewayTables: MigrationFile = {
  name: '2026-11-24-021-gateway',
  up: async (db) => {
    await sql`create table model_call (
      id text primary key, site_id text not null, team_id text not null, person text not null,
      request_id text not null, purpose text not null, doctype text, api_key_id text,
      provider text not null, model text not null, tier text not null, outcome text not null,
      finish_reason text, input_tokens integer not null, cached_input_tokens integer not null,
      cache_write_tokens integer not null, output_tokens integer not null,
      reasoning_tokens integer not null, nano_usd bigint not null, provider_nano_usd bigint,
      large_nano_usd bigint not null, usage_source text not null, first_token_ms integer,
      total_ms integer not null, started_at timestamptz not null)`.execute(db)
    await sql`create index model_call_of_team on model_call (site_id, team_id, started_at)`.execute(
      db,
    )
    await sql`create index model_call_of_request on model_call (request_id)`.execute(db)
    await sql`create table api_key (
      id text primary key, site_id text not null, team_id text not null, person text not null,
      name text not null, key_hash text not null, scopes jsonb not null,
      requests_per_minute integer not null, expires_at timestamptz, revoked_at timestamptz,
      last_used_at timestamptz, created_at timestamptz not null default now())`.execute(db)
    await tenantTable(db, 'model_call')
    await tenantTable(db, 'api_key')
  },
}
