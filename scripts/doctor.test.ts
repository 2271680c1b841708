import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bridgeConnection, connectBridge } from '../bridge/sandbox/bridge-connection.ts'
import { erpnextApp } from '../bridge/sandbox/erpnext/index.ts'
import { startSandbox, type Sandbox } from '../bridge/sandbox/index.ts'
import { stewardApp } from '../bridge/sandbox/steward/index.ts'
import { SECRET_VARIABLES } from '../bridge/src/config/index.ts'
import { examine } from './doctor/examine.ts'

const BRIDGE_URL = 'http://127.0.0.1:9'
let sandbox: Sandbox
let folder: string
let connected: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-doctor-'))
  sandbox = await startSandbox({ port: 0, apps: [erpnextApp, stewardApp] })
  connectBridge(sandbox, BRIDGE_URL)
  const { site_name, service, oauth } = bridgeConnection(sandbox)
  connected = {
    STEWARD_ENV_FILE: join(folder, 'none'),
    STEWARD_DATA_DIR: folder,
    STEWARD_PUBLIC_URL: BRIDGE_URL,
    STEWARD_SITE_URL: sandbox.url,
    STEWARD_SITE_NAME: site_name,
    STEWARD_SERVICE_KEY: service.key,
    STEWARD_SERVICE_SECRET: service.secret,
    STEWARD_OAUTH_CLIENT_ID: oauth.client_id,
    STEWARD_OAUTH_CLIENT_SECRET: oauth.client_secret,
  }
})

afterAll(async () => {
  await sandbox.stop()
  await rm(folder, { recursive: true, force: true })
})

it('finds a well connected site well', async () => {
  const findings = await examined({})
  expect(findings.filter((finding) => finding.state === 'mend')).toEqual([])
  expect(findings.map((finding) => finding.what)).toEqual([
    ...['site', 'clock', 'app', 'time zone', 'service user', 'settings', 'worker'],
    ...['OAuth client', 'bearer', 'keys', 'database', 'Redis', 'origins', 'bridge'],
  ])
  expect(findings.at(-1)).toMatchObject({
    state: 'note',
    detail: expect.stringMatching(/nothing answers/),
  })
})

it('finds a public address of its own well, also one that only browsers reach', async () => {
  const localhost = sandbox.url.replace('127.0.0.1', 'localhost')
  const findings = await examined({ STEWARD_SITE_PUBLIC_URL: localhost })
  expect(findings[1]).toMatchObject({ what: 'public address', state: 'ok' })
  expect(findings.filter((finding) => finding.state === 'mend')).toEqual([])
  const elsewhere = await examined({ STEWARD_SITE_PUBLIC_URL: 'http://127.0.0.1:9' })
  expect(elsewhere[1]).toMatchObject({ what: 'public address', state: 'note' })
})

it('leaves no bearer behind that is still good', async () => {
  await examined({})
  const standing = sandbox.site.read('Administrator', (site) =>
    site.getAll('OAuth Bearer Token', { fields: ['name'], filters: { status: 'Active' } }),
  )
  expect(standing).toEqual([])
})

it.each([
  ['no configuration', { STEWARD_SITE_URL: '' }, 'configuration', /STEWARD_SITE_URL/],
  ['an address where nothing is', { STEWARD_SITE_URL: 'http://127.0.0.1:9' }, 'site', /:9/],
  ['a wrong service secret', { STEWARD_SERVICE_SECRET: 'wrong' }, 'service user', /install-app/],
  ['no service user', { STEWARD_SERVICE_KEY: '' }, 'service user', /missing/],
  ["another's client", { STEWARD_OAUTH_CLIENT_ID: 'x' }, 'settings', /CLIENT_ID/],
  ["another's client secret", { STEWARD_OAUTH_CLIENT_SECRET: 'x' }, 'settings', /SECRET/],
  ['another bridge address', { STEWARD_PUBLIC_URL: 'http://127.0.0.1:10' }, 'settings', /:10/],
  ['no way back for OAuth', { STEWARD_PUBLIC_URL: 'http://127.0.0.1:10' }, 'OAuth client', /:10/],
  [
    'a public address in plain http',
    { STEWARD_SITE_PUBLIC_URL: 'http://erp.example.com' },
    'public address',
    /not https/,
  ],
  ['plain http', { STEWARD_PUBLIC_URL: 'http://b.example.com' }, 'origins', /not https/],
  ['a path in an origin', { STEWARD_ALLOWED_ORIGINS: 'https://a.example/x' }, 'origins', /host/],
  ['a malformed key', { STEWARD_ENCRYPTION_KEYS: 'k1:short' }, 'keys', /32 bytes/],
  ['an absent database', { DATABASE_URL: 'postgres://x@127.0.0.1:9/x' }, 'database', /REFUSED/],
  ['an absent Redis', { REDIS_URL: 'redis://127.0.0.1:9' }, 'Redis', /REDIS_URL/],
])('says what to mend about %s', async (_what, change, what, remedy) => {
  const wrong = (await examined(change)).filter((finding) => finding.state === 'mend')
  expect(wrong).toContainEqual({ what, state: 'mend', detail: expect.stringMatching(remedy) })
})

it('recognises something else in the place of the site', async () => {
  const other = createServer((_req, res) => res.end('<h1>It works</h1>'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const findings = await examined({ STEWARD_SITE_URL: url })
  const wrongPublic = await examined({ STEWARD_SITE_PUBLIC_URL: url })
  other.close()
  expect(wrongPublic).toContainEqual({
    what: 'public address',
    state: 'mend',
    detail: expect.stringMatching(/no ERPNext answers at .* STEWARD_SITE_PUBLIC_URL/),
  })
  expect(findings[0]).toMatchObject({ what: 'site', state: 'mend' })
  expect(findings[0]?.detail).toMatch(/not with Frappe JSON/)
})

it('tells by its exit code and without secrets, and sees a service user with too many rights', async () => {
  expect((await doctor()).code).toBe(0)
  const [user] = sandbox.site.read('Administrator', (site) =>
    site.getAll('User', {
      fields: ['name'],
      filters: { api_key: connected.STEWARD_SERVICE_KEY ?? '' },
    }),
  )
  sandbox.site.run('Administrator', (site) => {
    const doc = site.getDoc('User', String(user?.name))
    const roles = [...(doc.roles as object as { role: string }[]), { role: 'System Manager' }]
    site.save({ ...doc, roles })
  })
  const { code, output } = await doctor()
  expect(code).toBe(1)
  expect(output).toMatch(/^MEND {2}service user: .*System Manager/m)
  for (const name of SECRET_VARIABLES)
    if (connected[name]) expect(output).not.toContain(connected[name])
})

const examined = (change: Record<string, string>) => examine({ ...connected, ...change })

/** The command itself, as its own process. */
async function doctor(): Promise<{ code: number; output: string }> {
  const env = { ...process.env, ...connected }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'doctor.ts')], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number>((resolve) => child.on('close', (c) => resolve(c ?? -1)))
  return { code, output }
}
