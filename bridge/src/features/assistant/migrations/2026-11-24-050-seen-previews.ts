import { sql } from 'kysely'
import type { MigrationFile } from '../../../platform/database/index.ts'

/** What a person had seen when an approval found that ERPNext would save something else by now. */
export const seenPreviews: MigrationFile = {
  name: '2026-11-24-050-seen-previews',
  up: async (db) => {
    await sql`alter table operation_list add column seen_previews jsonb`.execute(db)
  },
}
