import { sql, type Kysely } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

export const billingTables: MigrationFile = {
  name: '2026-11-24-020-billing',
  up: async (db) => {
    await quotaTables(db)
    await leaseTables(db)
    for (const table of ['quota_limit', 'reservation', 'lease', 'spend']) {
      await tenantTable(db, table)
    }
  },
}

async function quotaTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table quota_limit (
    site_id text not null, team_id text not null, person text not null,
    period_start timestamptz not null,
    limit_requests bigint, limit_nano_usd bigint,
    used_requests bigint not null default 0, used_nano_usd bigint not null default 0,
    held_requests bigint not null default 0 check (held_requests >= 0),
    held_nano_usd bigint not null default 0 check (held_nano_usd >= 0),
    primary key (site_id, team_id, person, period_start))`.execute(db)
  await sql`create table reservation (
    id text primary key, site_id text not null, team_id text not null, person text not null,
    period_start timestamptz not null, accounts jsonb not null, purpose text not null,
    requests bigint not null, nano_usd bigint not null, state text not null,
    expires_at timestamptz not null, created_at timestamptz not null)`.execute(db)
  await sql`create index reservation_held on reservation (expires_at) where state = 'held'`.execute(
    db,
  )
}

async function leaseTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table lease (
    id text primary key, site_id text not null, team_id text not null, person text not null,
    period_start timestamptz not null, owner text not null, epoch bigint not null,
    held_requests bigint not null check (held_requests >= 0),
    held_nano_usd bigint not null check (held_nano_usd >= 0),
    state text not null, expires_at timestamptz not null)`.execute(db)
  await sql`create index lease_open on lease (expires_at) where state = 'open'`.execute(db)
  await sql`create table spend (
    call_id text primary key, site_id text not null, team_id text not null, person text not null,
    period_start timestamptz not null, team_lease_id text not null, person_lease_id text,
    requests bigint not null, max_nano_usd bigint not null, actual_nano_usd bigint,
    state text not null, note jsonb not null, started_at timestamptz not null,
    settled_at timestamptz)`.execute(db)
  await sql`create index spend_of_team_lease on spend (team_lease_id) where state = 'started'`.execute(
    db,
  )
  await sql`create index spend_of_person_lease on spend (person_lease_id)
    where state = 'started'`.execute(db)
  await sql`create index spend_presumed on spend (started_at) where state = 'presumed'`.execute(db)
}
