import { sql } from 'kysely'
import type { Database } from '../../../platform/database/index.ts'
import type { Actor } from '../ports.ts'

/** Requests of a person since `from` that took of the quota: an undo takes none, nor does a refused one. */
export async function countedRequests(
  database: Database,
  person: Pick<Actor, 'site_id' | 'team_id' | 'person'>,
  from: Date,
): Promise<number> {
  const row = await database.tenantStatement(person, (tx) =>
    tx
      .selectFrom('request')
      .select(sql<number>`count(*)::int`.as('requests'))
      .where('person', '=', person.person)
      .where('created_at', '>=', from)
      .where('source', '<>', 'undo')
      .where(
        sql<boolean>`coalesce(error ->> 'code', '') not in ('quota_exceeded', 'budget_exceeded')`,
      )
      .executeTakeFirstOrThrow(),
  )
  return row.requests
}
