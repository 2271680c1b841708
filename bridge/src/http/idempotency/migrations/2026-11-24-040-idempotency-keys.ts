import { sql } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

export const idempotencyKeys: MigrationFile = {
  name: '2026-11-24-040-idempotency-keys',
  up: async (db) => {
    await sql`create table idempotency_key (
      site_id text not null, team_id text not null, person text not null, key text not null,
      fingerprint text not null,
      state text not null check (state in ('running', 'answered', 'streamed')),
      answer text, running_until timestamptz not null, expires_at timestamptz not null,
      primary key (site_id, team_id, person, key))`.execute(db)
    await sql`create index idempotency_key_expiry on idempotency_key (expires_at)`.execute(db)
    await tenantTable(db, 'idempotency_key')
  },
}
