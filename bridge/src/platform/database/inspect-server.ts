import pg from 'pg'
import { CLAIM_LOCK } from './database-claim.ts'

/** What matters of a PostgreSQL server and the login the bridge would work with. */
export interface ServerInspection {
  /** Major version, e.g. 17. */
  version: number
  superuser: boolean
  bypassesRowSecurity: boolean
  /** Tables of the schema public that the login owns: none where migrations have their own. */
  ownedTables: number
  /** May make the job queue's schema, or has it already. */
  mayKeepJobs: boolean
  /** Whether bridges use it now: none, one alone (without Redis), or some that share it. */
  use: 'none' | 'alone' | 'shared'
}

/** Looks at the server at `url` and changes nothing; throws what pg throws when it cannot connect. */
export async function inspectServer(url: string): Promise<ServerInspection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rows } = await client.query<ServerInspection>(LOOK)
    return rows[0] as ServerInspection
  } finally {
    await client.end()
  }
}

const LOOK = `
  select current_setting('server_version_num')::int / 10000 as version,
    rolsuper as superuser,
    rolbypassrls as "bypassesRowSecurity",
    (select count(*)::int from pg_tables
      where schemaname = 'public' and tableowner = current_user) as "ownedTables",
    has_database_privilege(current_database(), 'create')
      or exists (select 1 from pg_namespace where nspname = 'bullmq' and nspowner = pg_roles.oid)
      as "mayKeepJobs",
    coalesce((select case mode when 'ExclusiveLock' then 'alone' else 'shared' end from pg_locks
      where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) + objid::bigint = ${CLAIM_LOCK} limit 1), 'none') as use
  from pg_roles where rolname = current_user`
