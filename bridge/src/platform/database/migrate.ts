import { sql, type Kysely } from 'kysely'
import type { DatabaseSchema } from './schema.ts'
import type { MigrationFile } from './database-port.ts'
import { SYSTEM_ROLE, TENANT_ROLE } from './tenant-table.ts'

/** Any constant: all replicas that migrate one database take this advisory lock first. */
const MIGRATION_LOCK = 7_301_411

/**
 * Applies the migrations not applied yet, in the order of their names, in one transaction. The
 * connection must own the schema; the application's login only joins the two roles made here.
 */
export async function migrate(
  db: Kysely<DatabaseSchema>,
  migrations: MigrationFile[],
  applicationLogin: string | null,
): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
    await createRoles(tx, applicationLogin)
    await sql`create table if not exists steward_migration (
      name text primary key, applied_at timestamptz not null default now())`.execute(tx)
    const done = new Set(
      (await tx.selectFrom('steward_migration').select('name').execute()).map((row) => row.name),
    )
    // Features name what they need, so a migration may be listed more than once.
    const pending = [...new Set(migrations)]
      .filter((file) => !done.has(file.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const file of pending) {
      await file.up(tx as unknown as Kysely<unknown>)
      await sql`insert into steward_migration (name) values (${file.name})`.execute(tx)
    }
    return pending.map((file) => file.name)
  })
}

async function createRoles(
  db: Kysely<DatabaseSchema>,
  applicationLogin: string | null,
): Promise<void> {
  for (const role of [TENANT_ROLE, SYSTEM_ROLE]) {
    const found = await sql`select 1 from pg_roles where rolname = ${role}`.execute(db)
    if (found.rows.length === 0) await sql`create role ${sql.id(role)} nologin`.execute(db)
    await sql`grant usage on schema public to ${sql.id(role)}`.execute(db)
    if (applicationLogin)
      await sql`grant ${sql.id(role)} to ${sql.id(applicationLogin)}`.execute(db)
  }
}
