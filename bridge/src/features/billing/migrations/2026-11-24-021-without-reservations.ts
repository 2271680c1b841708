import { sql } from 'kysely'
import type { MigrationFile } from '../../../platform/database/index.ts'

/** Requests are held by leases like everything else; what an older version still held is free again. */
export const withoutReservations: MigrationFile = {
  name: '2026-11-24-021-without-reservations',
  up: async (db) => {
    await sql`update quota_limit q set held_requests = q.held_requests - open.requests,
        held_nano_usd = q.held_nano_usd - open.nano_usd
      from (select site_id, team_id, account.person, period_start, sum(requests)::bigint as requests,
          sum(nano_usd)::bigint as nano_usd
        from reservation, jsonb_array_elements_text(accounts) as account (person)
        where state = 'held' group by site_id, team_id, account.person, period_start) as open
      where q.site_id = open.site_id and q.team_id = open.team_id and q.person = open.person
        and q.period_start = open.period_start`.execute(db)
    await sql`drop table reservation`.execute(db)
  },
}
