import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  openDatabase,
  tenantTable,
  type MigrationFile,
  type OpenDatabase,
  type Tenant,
} from '../../src/platform/database/index.ts'
import { allMigrations } from './all-migrations.ts'
import { APPLICATION_LOGIN, freshDatabase } from './fresh-database.ts'

const ours: Tenant = { site_id: 'site-a', team_id: 'team-1' }
const sameSite: Tenant = { site_id: 'site-a', team_id: 'team-2' }
const sameTeamName: Tenant = { site_id: 'site-b', team_id: 'team-1' }

/** A table of a tenant as every feature declares its own. */
const noteMigration: MigrationFile = {
  name: '9999-tenant-note',
  up: async (db) => {
    await sql`create table tenant_note (id text primary key, site_id text not null,
      team_id text not null, body text not null)`.execute(db)
    await tenantTable(db, 'tenant_note')
  },
}

const serverSettings = async () => {
  const { url, migrationUrl } = await freshDatabase(inject('postgresAdminUrl'))
  return { url, migrationUrl }
}
const embeddedSettings = async () => ({ url: null, migrationUrl: null })

describe.each([
  ['the embedded PostgreSQL', embeddedSettings],
  ['a PostgreSQL server', serverSettings],
])('tenants on %s', (_name, settings) => {
  let database: OpenDatabase
  let raw: pg.Pool

  beforeAll(async () => {
    const migrations = [...(await allMigrations()), noteMigration]
    database = await openDatabase({ ...(await settings()), dataFolder: null, migrations })
    raw = new pg.Pool({ ...database.connection, max: 2 })
    for (const tenant of [ours, sameSite, sameTeamName])
      await addNote(tenant, `note of ${tenant.site_id}/${tenant.team_id}`)
  })

  afterAll(async () => {
    await raw.end()
    await database.close()
  })

  const addNote = (tenant: Tenant, id: string) =>
    database.withTenant(tenant, (tx) =>
      sql`insert into tenant_note values (${id}, ${tenant.site_id}, ${tenant.team_id}, 'x')`.execute(
        tx,
      ),
    )

  const notesOf = (tenant: Tenant) =>
    database.withTenant(tenant, async (tx) => {
      const { rows } = await sql<{ id: string }>`select id from tenant_note order by id`.execute(tx)
      return rows.map((row) => row.id)
    })

  /** Statements in one transaction of the tenant role, without going through `withTenant`. */
  async function asTenantRole(...statements: string[]): Promise<pg.QueryResult> {
    const client = await raw.connect()
    try {
      await client.query('begin')
      await client.query('set local role steward_tenant')
      let last: pg.QueryResult | undefined
      for (const statement of statements) last = await client.query(statement)
      return last as pg.QueryResult
    } finally {
      await client.query('rollback')
      client.release()
    }
  }

  it('shows a team its own rows only', async () => {
    expect(await notesOf(ours)).toEqual(['note of site-a/team-1'])
    expect(await notesOf(sameSite)).toEqual(['note of site-a/team-2'])
    expect(await notesOf(sameTeamName)).toEqual(['note of site-b/team-1'])
    expect(await notesOf({ site_id: 'site-a', team_id: null })).toEqual([])
  })

  it('yields no rows when the site, the team or both are not set', async () => {
    const count = 'select count(*)::int as n from tenant_note'
    for (const settings of [
      [],
      [`set local app.site = 'site-a'`],
      [`set local app.team = 'team-1'`],
      [`set local app.site = ''`, `set local app.team = ''`],
    ])
      expect((await asTenantRole(...settings, count)).rows).toEqual([{ n: 0 }])
    const both = [`set local app.site = 'site-a'`, `set local app.team = 'team-1'`]
    expect((await asTenantRole(...both, count)).rows).toEqual([{ n: 1 }])
  })

  it("neither changes, deletes, takes over nor writes another team's rows", async () => {
    const affected = await database.withTenant(ours, async (tx) => {
      const update =
        await sql`update tenant_note set body = 'taken' where team_id = 'team-2'`.execute(tx)
      const removal = await sql`delete from tenant_note where site_id = 'site-b'`.execute(tx)
      return [update.numAffectedRows, removal.numAffectedRows]
    })
    expect(affected).toEqual([0n, 0n])
    const give = database.withTenant(ours, (tx) =>
      sql`update tenant_note set team_id = 'team-2'`.execute(tx),
    )
    await expect(give).rejects.toThrow(/row-level security/)
    const plant = database.withTenant(ours, (tx) =>
      sql`insert into tenant_note values ('planted', 'site-a', 'team-2', 'x')`.execute(tx),
    )
    await expect(plant).rejects.toThrow(/row-level security/)
    expect(await notesOf(sameSite)).toEqual(['note of site-a/team-2'])
  })

  it('keeps 200 interleaved transactions of different teams apart', async () => {
    const tenants = Array.from({ length: 200 }, (_, n) => [ours, sameSite, sameTeamName][n % 3]!)
    const seen = await Promise.all(tenants.map(notesOf))
    expect(seen).toEqual(tenants.map((own) => [`note of ${own.site_id}/${own.team_id}`]))
  })

  it('answers each of many statements outside a transaction with its own result', async () => {
    const pool = new pg.Pool({ ...database.connection, max: 12 })
    const own = Array.from({ length: 400 }, (_, n) => n)
    const ask = async (n: number) => {
      if (n % 5 === 0) return (await notesOf(ours)).length && n
      const text = n % 2 ? 'select $1::int as n' : 'select n from (values ($1::int)) as t (n)'
      return (await pool.query<{ n: number }>(text, [n])).rows[0]?.n
    }
    try {
      expect(await Promise.all(own.map(ask))).toEqual(own)
    } finally {
      await pool.end()
    }
  })

  it.each(['a statement', 'a transaction', 'a failed statement'])(
    'serves everybody else after a client left in the middle of %s',
    async (what) => {
      const client = new pg.Client(database.connection as pg.ClientConfig)
      client.on('error', () => undefined)
      await client.connect()
      if (what === 'a transaction') await client.query('begin')
      const text = what === 'a failed statement' ? 'select nothing from nowhere' : 'select $1::int'
      const { connection } = client as unknown as { connection: WireConnection }
      connection.parse({ name: '', text, types: [] })
      connection.flush()
      await new Promise((resolve) => connection.stream.write(Buffer.alloc(0), resolve))
      connection.stream.destroy()
      expect(await notesOf(ours)).toEqual(['note of site-a/team-1'])
      expect((await raw.query('select $1::text as echo', ['still here'])).rows).toEqual([
        { echo: 'still here' },
      ])
    },
  )

  it('lets nothing of a transaction outlive it', async () => {
    await notesOf(ours)
    await expect(database.withTenant(ours, (tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow(
      /division by zero/,
    )
    await expect(
      database.withTenant(ours, async () => Promise.reject(new Error('handler failed'))),
    ).rejects.toThrow('handler failed')
    expect(await notesOf(sameSite)).toEqual(['note of site-a/team-2'])
    expect(await notesOf({ site_id: 'site-a', team_id: null })).toEqual([])
  })

  it('shows every tenant to a system transaction, and to no other', async () => {
    const count = await database.withSystem('count notes in a test', async (tx) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from tenant_note`.execute(
        tx,
      )
      return rows[0]?.n
    })
    expect(count).toBe(3)
    const tables = ['session', 'refresh_token', 'sign_in_step', 'team', 'membership']
    for (const table of tables)
      await expect(asTenantRole(`select * from ${table}`)).rejects.toThrow(/permission denied/)
  })

  it('forces row-level security on every table the tenant role may touch', async () => {
    const { rows } = await raw.query<{ table: string; forced: boolean; columns: number }>(TABLES)
    const reachable = rows.map((row) => row.table)
    expect(reachable).toEqual(
      expect.arrayContaining(['tenant_note', 'conversation', 'message', 'request', 'operation']),
    )
    expect(rows.filter((row) => !row.forced || row.columns !== 2)).toEqual([])
  })

  it('refuses a row of another team in every one of those tables', async () => {
    const { rows } = await raw.query<{ table: string }>(TABLES)
    for (const { table } of rows) {
      const plant = asTenantRole(
        `set local app.site = 'site-a'`,
        `set local app.team = 'team-1'`,
        `insert into ${pg.escapeIdentifier(table)} (site_id, team_id) values ('site-a', 'team-2')`,
      )
      // Tables that are only read, or added to by a function, give no right to insert at all.
      await expect(plant, table).rejects.toThrow(/row-level security|permission denied/)
    }
  })

  it('ends a statement that runs too long', async () => {
    const limit = await database.withTenant(ours, async (tx) => {
      const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(tx)
      return rows[0]?.statement_timeout
    })
    expect(limit).toBe('10s')
  })
})

describe('the login of the bridge on a server', () => {
  it('is no superuser, owns no table and sees nothing without a role', async () => {
    const settings = await serverSettings()
    const migrations = [...(await allMigrations()), noteMigration]
    const database = await openDatabase({ ...settings, dataFolder: null, migrations })
    await database.close()
    const client = new pg.Client({ connectionString: settings.url })
    await client.connect()
    try {
      const { rows } = await client.query(
        `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
           (select count(*)::int from pg_tables where tableowner = rolname) as owns
         from pg_roles where rolname = current_user and rolname = $1`,
        [APPLICATION_LOGIN],
      )
      expect(rows).toEqual([
        { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, owns: 0 },
      ])
      await expect(client.query('alter table conversation disable row level security'))
        .rejects //
        .toThrow(/must be owner/)
      await expect(client.query('drop table tenant_note')).rejects.toThrow(/must be owner/)
      await expect(client.query('set role steward_owner')).rejects.toThrow(/permission denied/)
    } finally {
      await client.end()
    }
  })

  it('migrates once, however many replicas start together', async () => {
    const settings = await serverSettings()
    const migrations = [...(await allMigrations()), noteMigration]
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () => openDatabase({ ...settings, dataFolder: null, migrations })),
    )
    const applied = await replicas[0]!.withSystem('list migrations in a test', async () => true)
    expect(applied).toBe(true)
    await Promise.all(replicas.map((replica) => replica.close()))
    const owner = new pg.Client({ connectionString: settings.migrationUrl })
    await owner.connect()
    const { rows } = await owner.query('select name from steward_migration order by name')
    await owner.end()
    expect(rows.map((row: { name: string }) => row.name)).toEqual(
      migrations.map((file) => file.name).sort(),
    )
  })
})

/** The part of pg's connection that speaks single messages of the protocol. */
interface WireConnection {
  stream: { write(data: Buffer, done: (error?: Error | null) => void): void; destroy(): void }
  parse(statement: { name: string; text: string; types: number[] }): void
  flush(): void
}

/** Tables the tenant role has any right on, whether security is forced, and their tenant columns. */
const TABLES = `
  select c.relname as table, c.relrowsecurity and c.relforcerowsecurity as forced,
    (select count(*)::int from pg_attribute a
      where a.attrelid = c.oid and a.attname in ('site_id', 'team_id') and a.attnotnull) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p')
    and has_table_privilege('steward_tenant', c.oid, 'select, insert, update, delete')
  order by 1`
