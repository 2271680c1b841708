import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { mkdtemp, rm } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { StewardError } from '../../shared/errors.ts'
import type {
  Database,
  MigrationFile,
  SystemTransaction,
  Tenant,
  TenantTransaction,
} from './database-port.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrate.ts'
import type { DatabaseSchema } from './schema.ts'
import type { Statement } from './pipelined-query.ts'
import { SYSTEM_ROLE, TENANT_ROLE } from './tenant-table.ts'
import { Transactions } from './transactions.ts'

export interface DatabaseOptions {
  /** PostgreSQL server; null starts the embedded one. */
  url: string | null
  /** Owner's connection for migrations, when it is not the application's. */
  migrationUrl: string | null
  /** Folder of the embedded database; null makes a temporary one that `close` removes. */
  dataFolder: string | null
  migrations: MigrationFile[]
  /** Told the reason of every system transaction. */
  onSystemUse?: (reason: string) => void
}

export interface OpenDatabase extends Database {
  /** For BullMQ's PostgreSQL backend, the only other user of this database. */
  connection: pg.PoolConfig
  embedded: boolean
}

/** A transaction may not hold rows longer than this, in milliseconds. */
const TRANSACTION_LIMIT_MS = 10_000
const PROTOCOL_URL_LOGIN = /^postgres(?:ql)?:\/\/([^:@/]+)/

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text))

/** Opens the server at `url` or the embedded PostgreSQL, and brings its tables up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const source = options.url ? serverSource(options.url) : await embeddedSource(options.dataFolder)
  // The embedded one has a single session: more connections would only wait behind each other, and
  // a later one would find the statements that the session has kept from an earlier one.
  const limits = source.embedded ? { max: 1, idleTimeoutMillis: 0 } : { max: 16 }
  const pool = new pg.Pool({ ...source.connection, ...limits })
  // A dropped idle connection is replaced by the pool; the next query reports what is wrong.
  pool.on('error', () => undefined)
  const db = new Kysely<DatabaseSchema>({ dialect: new PostgresDialect({ pool }) })
  await migrateFrom(options, db)
  const transactions = new Transactions(pool)
  const inSystem = (reason: string) => {
    options.onSystemUse?.(reason)
    return openingOf(SYSTEM_ROLE, '', '')
  }
  return {
    connection: source.connection,
    embedded: source.embedded,
    withTenant: (tenant, run) =>
      transactions.transaction(tenantOpening(tenant), (tx) => run(tx as TenantTransaction)),
    withSystem: (reason, run) =>
      transactions.transaction(inSystem(reason), (tx) => run(tx as SystemTransaction)),
    tenantStatement: (tenant, run) =>
      transactions.statement(tenantOpening(tenant), (tx) => run(tx as TenantTransaction)),
    systemStatement: (reason, run) =>
      transactions.statement(inSystem(reason), (tx) => run(tx as SystemTransaction)),
    ping: () => answers(db),
    close: async () => {
      await db.destroy()
      await source.close()
    },
  }
}

function tenantOpening(tenant: Tenant): Statement {
  return openingOf(TENANT_ROLE, tenant.site_id, tenant.team_id ?? '')
}

/** Role, tenant and time limit, all of them ending with the transaction. */
function openingOf(role: string, site: string, team: string): Statement {
  const limit = String(TRANSACTION_LIMIT_MS)
  return {
    name: 'steward_open',
    text: `select set_config('role', $1, true), set_config('app.site', $2, true),
      set_config('app.team', $3, true), set_config('statement_timeout', $4, true),
      set_config('idle_in_transaction_session_timeout', $4, true)`,
    values: [role, site, team, limit],
  }
}

async function answers(db: Kysely<DatabaseSchema>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}

async function migrateFrom(options: DatabaseOptions, db: Kysely<DatabaseSchema>): Promise<void> {
  if (!options.migrationUrl) {
    await migrate(db, options.migrations, null)
    return
  }
  const login = PROTOCOL_URL_LOGIN.exec(options.url ?? '')?.[1]
  if (!login)
    throw new StewardError('misconfigured', 'DATABASE_URL names no login to grant the tables to.')
  const owner = new Kysely<DatabaseSchema>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ connectionString: options.migrationUrl, max: 1 }),
    }),
  })
  try {
    await migrate(owner, options.migrations, decodeURIComponent(login))
  } finally {
    await owner.destroy()
  }
}

interface Source {
  connection: pg.PoolConfig
  embedded: boolean
  close(): Promise<void>
}

function serverSource(url: string): Source {
  return { connection: { connectionString: url }, embedded: false, close: async () => undefined }
}

async function embeddedSource(dataFolder: string | null): Promise<Source> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'steward-')))
  const postgres = await startEmbeddedPostgres({ folder, temporary: dataFolder === null })
  return {
    connection: { user: 'postgres', database: 'postgres', stream: postgres.link },
    embedded: true,
    close: async () => {
      await postgres.close()
      if (!dataFolder) await rm(folder, { recursive: true, force: true })
    },
  }
}
