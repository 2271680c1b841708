import { sql } from 'kysely'
import { systemTable, type MigrationFile } from '../../../platform/database/index.ts'

export const sessionMigration: MigrationFile = {
  name: '2026-11-24-020-session',
  up: async (db) => {
    await sql`create table session (
      id text primary key,
      site_id text not null,
      person text not null,
      team_id text not null references team (id),
      kind text not null check (kind in ('interactive', 'oauth', 'api_key')),
      session_binding text,
      site_token text not null,
      site_refresh_token text,
      site_token_expires_at timestamptz,
      identity jsonb not null,
      created_at timestamptz not null default now(),
      checked_at timestamptz not null,
      ended_at timestamptz,
      ended_reason text)`.execute(db)
    await sql`create index session_person on session (site_id, person) where ended_at is null`.execute(
      db,
    )
    await sql`create table refresh_token (
      hash text primary key,
      session_id text not null references session (id) on delete cascade,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz)`.execute(db)
    await sql`create table sign_in_step (
      hash text primary key,
      kind text not null check (kind in ('state', 'code')),
      sealed text not null,
      return_to text not null,
      expires_at timestamptz not null)`.execute(db)
    for (const table of ['session', 'refresh_token', 'sign_in_step']) await systemTable(db, table)
  },
}
