import { sql, type Kysely } from 'kysely'

export const TENANT_ROLE = 'steward_tenant'
export const SYSTEM_ROLE = 'steward_system'

/**
 * Turns on forced row-level security for a table with `site_id` and `team_id`: the tenant role sees
 * only the rows of `app.site` and `app.team`, and none at all when either is not set. The system
 * role sees every row.
 */
export async function tenantTable(db: Kysely<unknown>, table: string): Promise<void> {
  const name = sql.id(table)
  await sql`alter table ${name} enable row level security`.execute(db)
  await sql`alter table ${name} force row level security`.execute(db)
  await sql`create policy tenant_rows on ${name} to ${sql.id(TENANT_ROLE)}
    using (site_id = current_setting('app.site', true) and team_id = current_setting('app.team', true))
    with check (site_id = current_setting('app.site', true) and team_id = current_setting('app.team', true))`.execute(
    db,
  )
  await sql`create policy system_rows on ${name} to ${sql.id(SYSTEM_ROLE)} using (true) with check (true)`.execute(
    db,
  )
  await sql`grant select, insert, update, delete on ${name} to ${sql.id(TENANT_ROLE)}, ${sql.id(SYSTEM_ROLE)}`.execute(
    db,
  )
}

/** A table only system transactions may touch: sessions, keys, queues of the bridge itself. */
export async function systemTable(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`grant select, insert, update, delete on ${sql.id(table)} to ${sql.id(SYSTEM_ROLE)}`.execute(
    db,
  )
}
