import { sql } from 'kysely'
import type { MigrationFile } from '../../../platform/database/index.ts'

/** A card that was put differently names the one that took its place. */
export const supersededCards: MigrationFile = {
  name: '2026-11-24-030-superseded-cards',
  up: async (db) => {
    await sql`alter table operation_list add column superseded_by text`.execute(db)
  },
}
