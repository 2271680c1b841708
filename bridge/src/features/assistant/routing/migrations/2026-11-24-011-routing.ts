import { sql } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../../platform/database/index.ts'

export const routingMigration: MigrationFile = {
  name: '2026-11-24-011-routing',
  up: async (db) => {
    await sql`create table route_threshold (
      site_id text not null,
      team_id text not null,
      thresholds jsonb not null,
      updated_at timestamptz not null,
      primary key (site_id, team_id))`.execute(db)
    await sql`create table route_correction (
      id text primary key,
      site_id text not null,
      team_id text not null,
      person text not null,
      text text not null,
      decided_class text not null,
      confidence double precision not null,
      correct_class text not null,
      created_at timestamptz not null)`.execute(db)
    await sql`create index route_correction_team on route_correction (site_id, team_id, created_at)`.execute(
      db,
    )
    await tenantTable(db, 'route_threshold')
    await tenantTable(db, 'route_correction')
  },
}
