import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { checkChain, type ChainCheckPorts } from '../../src/features/privacy/chain-check.ts'
import { privacyMigrations } from '../../src/features/privacy/index.ts'
import { appendAudit, auditMigration } from '../../src/platform/audit/index.ts'
import { createSealer } from '../../src/platform/crypto/index.ts'
import { openDatabase, type OpenDatabase } from '../../src/platform/database/index.ts'

let database: OpenDatabase
let superuser: pg.Client
let ports: ChainCheckPorts
let teams = 0
let team: { site_id: string; team_id: string }
const NOW = new Date('2026-11-24T08:00:00.000Z')

beforeAll(async () => {
  const migrations = [auditMigration, ...privacyMigrations]
  database = await openDatabase({ url: null, migrationUrl: null, dataFolder: null, migrations })
  superuser = new pg.Client(database.connection as pg.ClientConfig)
  await superuser.connect()
  await superuser.query('alter table audit_event disable trigger all')
  ports = {
    ...{ database, sealer: newSealer(), mostEntries: 4 },
    clock: { now: () => NOW, monotonic: () => NOW.getTime() },
  }
})
afterAll(async () => {
  await superuser.end()
  await database.close()
})
beforeEach(() => {
  teams += 1
  team = { site_id: 'site_1', team_id: `team_${teams}` }
})

function newSealer() {
  return createSealer([{ id: 'k1', key: randomBytes(32) }])
}

async function append(entries: number): Promise<void> {
  for (let n = 0; n < entries; n += 1) {
    await database.withTenant(team, (tx) =>
      appendAudit(tx, {
        ...{ ...team, at: NOW, action: 'conversation.deleted', person: 'ivy@example.com' },
        ...{ target_kind: 'conversation', target_id: `con_${n}`, details: {} },
      }),
    )
  }
}

const change = (seq: number, set: string) =>
  superuser.query(`update audit_event set ${set} where team_id = $1 and seq = $2`, [
    team.team_id,
    seq,
  ])
const check = (from: 'last' | 'start' = 'last') => checkChain(ports, team, from === 'start')

it('looks at a bounded number of entries a call and goes on from there', async () => {
  await append(10)
  const first = await check()
  expect(first).toMatchObject({ entries: 4, complete: false, checked_from: 1, broken: null })
  expect(first.checked_before).toBeNull()
  expect(await check()).toMatchObject({ entries: 8, complete: false, checked_from: 4 })
  const whole = await check()
  expect(whole).toMatchObject({ entries: 10, complete: true, checked_from: 8, broken: null })
  expect(whole.checked_before).toBe(NOW.toISOString())
  await append(1)
  expect(await check()).toMatchObject({ entries: 11, complete: true, checked_from: 10 })
  expect(await check('start')).toMatchObject({ entries: 4, complete: false, checked_from: 1 })
})

it('says for an exact number of entries that there are no more, and for none', async () => {
  expect(await check()).toMatchObject({ entries: 0, head: '', complete: true })
  await append(4)
  expect(await check()).toMatchObject({ entries: 4, complete: true })
})

it('names the entry that was changed, again and again, and after it nothing', async () => {
  await append(4)
  await check()
  await append(3)
  await change(6, `person = 'eve@example.com'`)
  for (let n = 0; n < 2; n += 1) {
    const { entries, broken } = await check()
    expect([entries, broken?.seq]).toEqual([5, 6])
  }
})

it('finds a change before what was checked when it looks at all of it', async () => {
  await append(3)
  await check()
  await change(1, `person = 'eve@example.com'`)
  expect((await check()).broken).toBeNull()
  expect((await check('start')).broken?.seq).toBe(1)
})

it('notices that the newest entries were cut off, or put in the place of others', async () => {
  await append(4)
  await check()
  await superuser.query('delete from audit_event where team_id = $1 and seq > 2', [team.team_id])
  expect((await check()).broken).toMatchObject({ seq: 4, reason: 'entry 4 is missing' })
  await append(2)
  const taken = await change(4, `person = 'eve@example.com'`)
  expect(taken.rowCount).toBe(1)
  expect((await check()).broken?.seq).toBe(4)
})

it('trusts no checkpoint that it did not seal, nor that of another team', async () => {
  await append(2)
  await change(1, `person = 'eve@example.com'`)
  const seal = (sealer: ReturnType<typeof newSealer>, of: string) =>
    sealer.seal(
      JSON.stringify({ seq: '2', hash: 'x', at: NOW.toISOString() }),
      `audit checkpoint\nsite_1\n${of}`,
    )
  for (const sealed of [
    'v1.rubbish',
    seal(newSealer(), team.team_id),
    seal(ports.sealer as ReturnType<typeof newSealer>, 'team_9'),
  ]) {
    await superuser.query(
      `insert into audit_checkpoint values ('site_1', $1, $2)
        on conflict (site_id, team_id) do update set sealed = $2`,
      [team.team_id, sealed],
    )
    expect(await check()).toMatchObject({ checked_from: 1, broken: { seq: 1 } })
  }
})
