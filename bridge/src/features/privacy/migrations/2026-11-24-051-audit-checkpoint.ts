import { sql } from 'kysely'
import { tenantTable, type MigrationFile } from '../../../platform/database/index.ts'

/** How far the audit chain of each team was found in order, sealed with the bridge's own key. */
export const auditCheckpoint: MigrationFile = {
  name: '2026-11-24-051-audit-checkpoint',
  up: async (db) => {
    await sql`create table audit_checkpoint (
      site_id text not null, team_id text not null, sealed text not null,
      primary key (site_id, team_id))`.execute(db)
    await tenantTable(db, 'audit_checkpoint')
  },
}
