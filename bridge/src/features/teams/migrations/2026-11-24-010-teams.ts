import { sql } from 'kysely'
import { systemTable, type MigrationFile } from '../../../platform/database/index.ts'

export const teamsMigration: MigrationFile = {
  name: '2026-11-24-010-teams',
  up: async (db) => {
    await sql`create table team (
      id text primary key,
      site_id text not null,
      name text not null,
      is_default boolean not null default false,
      plan text,
      created_at timestamptz not null default now(),
      archived_at timestamptz)`.execute(db)
    await sql`create unique index team_default on team (site_id) where is_default`.execute(db)
    await sql`create table membership (
      team_id text not null references team (id) on delete cascade,
      site_id text not null,
      person text not null,
      full_name text not null,
      role text not null check (role in ('owner', 'admin', 'manager', 'user', 'viewer')),
      role_source text not null check (role_source in ('site', 'team')),
      status text not null default 'active' check (status in ('active', 'disabled')),
      joined_at timestamptz not null default now(),
      last_used_at timestamptz,
      primary key (team_id, person))`.execute(db)
    await sql`create index membership_person on membership (site_id, person)`.execute(db)
    await systemTable(db, 'team')
    await systemTable(db, 'membership')
  },
}
