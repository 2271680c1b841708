import { sql } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

/** What a turn showed that is kept from some model provider, so that later texts can be searched for it. */
export const withheldValues: MigrationFile = {
  name: '2026-11-24-041-withheld-values',
  up: async (db) => {
    await sql`create table withheld_values (
      id text primary key, site_id text not null, team_id text not null,
      conversation_id text not null references conversation on delete cascade,
      withheld jsonb not null, created_at timestamptz not null)`.execute(db)
    await sql`create index withheld_values_of_conversation
      on withheld_values (conversation_id, created_at)`.execute(db)
    await tenantTable(db, 'withheld_values')
  },
}
