import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { appendAudit, verifyAudit, type AuditEntry } from '../../src/platform/audit/index.ts'
import { openDatabase, type OpenDatabase, type Tenant } from '../../src/platform/database/index.ts'
import { allMigrations } from './all-migrations.ts'
import { freshDatabase } from './fresh-database.ts'
import { runSql } from './postgres-server.ts'

const ours: Tenant = { site_id: 'site-a', team_id: 'team-1' }
const other: Tenant = { site_id: 'site-a', team_id: 'team-2' }

const serverSettings = async () => {
  const adminUrl = inject('postgresAdminUrl')
  const { url, migrationUrl } = await freshDatabase(adminUrl)
  const admin = new URL(adminUrl)
  admin.pathname = new URL(url).pathname
  return { url, migrationUrl, admin: admin.href }
}
const embeddedSettings = async () => ({ url: null, migrationUrl: null, admin: null })

describe.each([
  ['the embedded PostgreSQL', embeddedSettings],
  ['a PostgreSQL server', serverSettings],
])('the audit chain on %s', (_name, settings) => {
  let database: OpenDatabase
  let admin: string | null
  let raw: pg.Pool

  beforeAll(async () => {
    const { admin: adminUrl, ...where } = await settings()
    admin = adminUrl
    database = await openDatabase({ ...where, dataFolder: null, migrations: await allMigrations() })
    raw = new pg.Pool({ ...database.connection, max: 2 })
  })

  afterAll(async () => {
    await raw.end()
    await database.close()
  })

  /** What a superuser who wants to hide something can do. */
  async function tamper(...statements: string[]): Promise<void> {
    const all = [
      'alter table audit_event disable trigger all',
      ...statements,
      'alter table audit_event enable trigger all',
    ]
    if (admin) return void (await runSql(admin, all))
    for (const statement of all) await raw.query(statement)
  }

  beforeEach(() => tamper('truncate audit_event'))

  const add = (tenant: Tenant, n: number, change: Partial<AuditEntry> = {}) =>
    database.withTenant(tenant, (tx) => appendAudit(tx, { ...entryOf(tenant, n), ...change }))

  const verdict = async () =>
    (await verifyAudit(database)).chains.map(({ team_id, entries, broken }) => ({
      team_id,
      entries: Number(entries),
      broken: broken && { seq: Number(broken.seq), reason: broken.reason },
    }))

  it('holds for what was only added, whatever the text', async () => {
    const odd = {
      text: 'NUL \u0000, half a pair \ud83d, a path C:\\u0000, ünï “quoted” 🧾\n',
      n: 1.5,
    }
    await add(ours, 1, { details: odd })
    await add(ours, 2, { person: null, details: { none: null, list: [1, { b: 2, a: 1 }] } })
    await add(other, 1)
    expect(await verdict()).toEqual([
      { team_id: 'team-1', entries: 2, broken: null },
      { team_id: 'team-2', entries: 1, broken: null },
    ])
  })

  it('numbers 60 entries that come at once without a gap, a chain for each team', async () => {
    const tenants = Array.from({ length: 60 }, (_, n) => (n % 3 ? ours : other))
    await Promise.all(tenants.map((tenant, n) => add(tenant, n)))
    expect(await verdict()).toEqual([
      { team_id: 'team-1', entries: 40, broken: null },
      { team_id: 'team-2', entries: 20, broken: null },
    ])
  })

  it('leaves no gap when the change it is about is rolled back', async () => {
    await add(ours, 1)
    const failed = database.withTenant(ours, async (tx) => {
      await appendAudit(tx, entryOf(ours, 2))
      throw new Error('the change failed')
    })
    await expect(failed).rejects.toThrow('the change failed')
    await add(ours, 3)
    expect(await verdict()).toEqual([{ team_id: 'team-1', entries: 2, broken: null }])
  })

  it.each([
    ['steward_tenant', "update audit_event set person = 'eve'"],
    ['steward_tenant', 'delete from audit_event'],
    ['steward_tenant', 'truncate audit_event'],
    ['steward_system', "update audit_event set person = 'eve'"],
    ['steward_system', 'delete from audit_event'],
    [
      'steward_system',
      "insert into audit_event values ('site-a', 'team-1', 9, now(), 'x', null, 'x', 'x', '{}', '', '')",
    ],
  ])('refuses %s: %s', async (role, statement) => {
    await add(ours, 1)
    const client = await raw.connect()
    try {
      await client.query('begin')
      await client.query(`set local role ${role}`)
      await client.query(`set local app.site = 'site-a'`)
      await client.query(`set local app.team = 'team-1'`)
      await expect(client.query(statement)).rejects.toThrow(/permission denied|never changed/)
    } finally {
      await client.query('rollback')
      client.release()
    }
    expect(await verdict()).toEqual([{ team_id: 'team-1', entries: 1, broken: null }])
  })

  it("refuses an entry in another team's chain", async () => {
    const planted = database.withTenant(ours, (tx) => appendAudit(tx, entryOf(other, 1)))
    await expect(planted).rejects.toThrow(/row-level security/)
    const read = await database.withTenant(ours, (tx) =>
      tx.selectFrom('audit_event').select('seq').execute(),
    )
    expect(read).toEqual([])
  })

  it.each([
    ["update audit_event set person = 'eve' where seq = 3", 3, /content/],
    [`update audit_event set details = '{"n": 999}' where seq = 2`, 2, /content/],
    [`update audit_event set at = at - interval '1 day' where seq = 4`, 4, /content/],
    ['delete from audit_event where seq = 3', 4, /entry 3 is missing/],
    ['delete from audit_event where seq = 1', 2, /entry 1 is missing/],
    ["update audit_event set hash = repeat('0', 64) where seq = 5", 5, /content/],
    [
      `update audit_event set person = 'eve', hash = repeat('a', 64) where seq = 2;
       update audit_event set previous_hash = repeat('a', 64) where seq = 3`,
      2,
      /content/,
    ],
  ])('a superuser\'s "%s" shows at entry %i', async (statement, seq, reason) => {
    for (let n = 1; n <= 5; n += 1) await add(ours, n)
    await tamper(...statement.split(';'))
    const [chain] = await verdict()
    expect(chain?.broken?.seq).toBe(seq)
    expect(chain?.broken?.reason).toMatch(reason)
  })

  it('shows that the newest entries were cut off to whoever noted the head', async () => {
    for (let n = 1; n <= 3; n += 1) await add(ours, n)
    const { chains } = await verifyAudit(database)
    const head = chains[0]!.head
    expect((await verifyAudit(database, [head])).missing).toEqual([])
    await tamper('delete from audit_event where seq = 3')
    const after = await verifyAudit(database, [head])
    expect(after.chains[0]!.broken).toBeNull()
    expect(after.missing).toEqual([head])
  })
})

function entryOf(tenant: Tenant, n: number): AuditEntry {
  return {
    site_id: tenant.site_id,
    team_id: tenant.team_id ?? '',
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
    action: 'operation.applied',
    person: 'ann@example.com',
    target_kind: 'operation_list',
    target_id: `opl_${n}`,
    details: { n },
  }
}
