import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SiteContext } from '../../sandbox/site/contract.ts'
import { openDatabase } from '../../src/platform/database/index.ts'
import type {
  AssistantRequest,
  Conversation,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import type { Clock } from '../../src/shared/clock.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

const ROOT = join(import.meta.dirname, '../../..')

let bridge: TestBridge
let folder: string
let manager: BridgeSession
let ivy: BridgeSession
let stopped = false
/** How far the bridge's clock is ahead, in milliseconds. */
let ahead = 0
const clock: Clock = {
  now: () => new Date(Date.now() + ahead),
  monotonic: () => performance.now() + ahead,
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-audit-'))
  bridge = await startTestBridge({
    environment: { STEWARD_DATA_DIR: folder },
    overrides: { temporaryDatabase: false, clock },
  })
  manager = await signIn(bridge, PEOPLE.manager.user, PEOPLE.manager.password)
  ivy = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
})

afterAll(async () => {
  if (!stopped) await bridge.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Entry {
  seq: number
  action: string
  person: string | null
  target_id: string
  details: Record<string, unknown>
}

interface Page {
  data: Entry[]
  next_cursor: string | null
}

async function json<T>(session: BridgeSession, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await session.call(path, init)
  expect(answer.status, path).toBeLessThan(300)
  return (await answer.json()) as T
}

const audit = (query = '') => json<Page>(manager, `/audit?limit=200${query}`)

async function ask(text: string): Promise<AssistantRequest> {
  const { id } = await json<Conversation>(manager, '/conversations', {})
  const answer = await manager.call(`/conversations/${id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text }),
    headers: { accept: 'text/event-stream' },
  })
  await answer.text()
  const { data } = await json<{ data: AssistantRequest[] }>(
    manager,
    `/requests?conversation_id=${id}`,
  )
  return data[0]!
}

const actionsOf = (page: Page) => page.data.map((entry) => entry.action).reverse()

it('tells a card from its proposal to its undo, and who did what', async () => {
  const request = await ask('create a customer Marigold Tea')
  const list = request.operation_lists[0]!
  await json(manager, `/operations/${list.id}/approve`, { hash: list.hash })
  const undo = await json<AssistantRequest>(manager, `/requests/${request.id}/undo`, {})
  const taken = undo.operation_lists[0]!
  await json<OperationList>(manager, `/operations/${taken.id}/approve`, { hash: taken.hash })

  const first = await audit(`&target_id=${list.id}`)
  expect(actionsOf(first)).toEqual([
    ...['operation.proposed', 'operation.approved', 'operation.applied'],
  ])
  expect(first.data.map((entry) => entry.person)).toEqual(Array(3).fill(PEOPLE.manager.user))
  expect(first.data[0]!.details).toMatchObject({
    hash: list.hash,
    outcomes: [{ state: 'applied' }],
  })
  expect(actionsOf(await audit(`&target_id=${taken.id}`)).at(-1)).toBe('operation.undone')
})

it('tells a rejection', async () => {
  const list = (await ask('remind me to call Kestrel Cycles tomorrow')).operation_lists[0]!
  await json(manager, `/operations/${list.id}/reject`, {})
  expect(actionsOf(await audit(`&target_id=${list.id}`))).toEqual([
    ...['operation.proposed', 'operation.rejected'],
  ])
})

it('enters nothing for a question that only reads', async () => {
  const before = (await audit()).data[0]!.seq
  const request = await ask('how many customers are there')
  expect(request.state).toBe('completed')
  expect((await audit()).data[0]!.seq).toBe(before)
})

it('tells who came and went, and with what role', async () => {
  const vera = await signIn(bridge, PEOPLE.viewer.user, PEOPLE.viewer.password)
  expect((await vera.call('/session', { method: 'DELETE' })).status).toBe(204)
  const sessions = (await audit('&action=session')).data
  const [ended, opened] = sessions.filter((entry) => entry.person === PEOPLE.viewer.user)
  expect(ended).toMatchObject({ action: 'session.ended', details: { reason: 'logout' } })
  expect(opened).toMatchObject({ action: 'session.opened', target_id: ended!.target_id })
  const joined = (await audit('&action=member.joined')).data
  expect(joined.find((entry) => entry.target_id === PEOPLE.viewer.user)).toMatchObject({
    details: { before: null, role: 'viewer' },
  })
  const { user, password } = PEOPLE.viewer
  bridge.sandbox.site.run('Administrator', (site) => {
    const known = site.getDoc('User', user)
    const roles = known['roles'] as Record<string, string>[]
    site.save({ ...known, roles: [...roles, { role: 'Steward User' }] })
  })
  await signIn(bridge, user, password)
  expect((await audit('&action=member.role_changed')).data[0]).toMatchObject({
    target_id: user,
    details: { before: 'viewer', role: 'user' },
  })
})

it('tells of API keys, never their secret', async () => {
  const made = await json<{ id: string; token: string }>(manager, '/api-keys', { name: 'Reports' })
  await manager.call(`/api-keys/${made.id}`, { method: 'DELETE' })
  const page = await audit(`&target_id=${made.id}`)
  expect(actionsOf(page)).toEqual(['api_key.created', 'api_key.revoked'])
  expect(page.data[0]!.person).toBe(PEOPLE.manager.user)
  expect(JSON.stringify(page)).not.toContain(made.token.split('.')[1])
})

it('enters the settings, plans and providers that hold', async () => {
  const kinds = new Set(actionsOf(await audit()))
  expect(kinds).toContain('settings.changed')
  expect(kinds).toContain('plan.changed')
})

it('names who changed settings, plans and providers in ERPNext, or deleted them', async () => {
  const inSite = (user: string, run: (site: SiteContext) => unknown) =>
    bridge.sandbox.site.run(user, run)
  const { user } = PEOPLE.manager
  const provider = { doctype: 'Steward Model Provider', provider_name: 'House', kind: 'openai' }
  inSite(user, (site) => {
    site.save({ ...site.getSingle('Steward Settings'), masked_fields: 'Employee' })
    site.insert({ ...provider, api_key: 'sk-1' })
  })
  await readSettingsAgain()
  await expect.poll(() => newest('settings.changed')).toMatchObject({ person: user })
  await expect
    .poll(() => newest('provider.changed'))
    .toMatchObject({ person: user, target_id: 'House' })
  inSite('Administrator', (site) => site.delete('Steward Model Provider', 'House'))
  await readSettingsAgain()
  await expect
    .poll(() => newest('provider.changed'))
    .toMatchObject({ person: 'Administrator', details: { state: null } })
})

const newest = async (action: string) => (await audit(`&action=${action}`)).data[0]

/** Settings are read again half a minute later, when something asks for limits. */
async function readSettingsAgain(): Promise<void> {
  ahead += 31_000
  await json(manager, '/quotas')
}

it('pages from the newest to the first without a gap, and gives a file', async () => {
  const seen: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await json(manager, `/audit?limit=3${cursor && `&cursor=${cursor}`}`)
    seen.push(...page.data.map((entry) => entry.seq))
    cursor = page.next_cursor
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, n) => seen.length - n))
  const file = await manager.call('/audit?format=csv&action=session.opened')
  expect(file.headers.get('content-type')).toMatch(/^text\/csv/)
  const lines = (await file.text()).trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^seq,at,action,person/)
  expect(lines.length).toBeGreaterThan(2)
})

it('says that the chain is in order, up to the newest entry', async () => {
  const newest = (await audit()).data[0]! as Entry & { hash: string }
  const chain = await json<object>(manager, '/audit/chain')
  expect(chain).toEqual({
    ...{ entries: newest.seq, head: newest.hash, broken: null },
    ...{ checked_from: 1, checked_before: null, complete: true },
  })
  const again = await json<object>(manager, '/audit/chain')
  expect(again).toMatchObject({ checked_from: newest.seq, checked_before: expect.any(String) })
  expect(await json<object>(manager, '/audit/chain?from=start')).toMatchObject({ checked_from: 1 })
})

it('is for managers', async () => {
  expect((await ivy.call('/audit')).status).toBe(403)
  expect((await ivy.call('/audit/chain')).status).toBe(403)
})

/** `npm run audit:verify` as an operator runs it, on the folder of the stopped bridge. */
async function verify(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/audit-verify.ts'), ...args], {
    env: {
      ...process.env,
      STEWARD_ENV_FILE: join(folder, 'none'),
      STEWARD_DATA_DIR: folder,
      STEWARD_SITE_URL: 'http://127.0.0.1:9',
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}

async function tamper(statement: string): Promise<void> {
  const where = { url: null, migrationUrl: null, dataFolder: folder, migrations: [] }
  const database = await openDatabase(where)
  const client = new pg.Client(database.connection as pg.ClientConfig)
  await client.connect()
  await client.query('alter table audit_event disable trigger all')
  await client.query(statement)
  await client.end()
  await database.close()
}

it('npm run audit:verify finds what a superuser changed', { timeout: 60_000 }, async () => {
  await bridge.stop()
  stopped = true
  const sound = await verify()
  expect(sound).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^OK +\S+ \S+: \d+ entries/),
  })
  const head = /head (\w{64})/.exec(sound.output)?.[1] ?? ''
  expect((await verify('--known', head)).code).toBe(0)
  await tamper(`update audit_event set person = 'eve@example.com' where seq = 4`)
  expect(await verify('--known', head)).toEqual({
    code: 1,
    output: expect.stringMatching(/^BROKEN .*: entry 4: its content .*\nBROKEN +\w{64} was noted/),
  })
})
