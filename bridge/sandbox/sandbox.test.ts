import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startSandbox } from './index.ts'
import type { Sandbox, SandboxOptions } from './index.ts'

const running: Sandbox[] = []
const folders: string[] = []

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, apps: [], ...options })
  running.push(sandbox)
  return sandbox
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  folders.push(folder)
  return folder
}

async function signIn(sandbox: Sandbox): Promise<string> {
  const body = new URLSearchParams({ usr: 'Administrator', pwd: 'admin' })
  const answer = await fetch(`${sandbox.url}/api/method/login`, { method: 'POST', body })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

function addToDo(sandbox: Sandbox, cookie: string, description: string): Promise<Response> {
  return fetch(`${sandbox.url}/api/resource/ToDo`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ description }),
  })
}

function countToDos(sandbox: Sandbox): number {
  return sandbox.site.read('Administrator', (site) => site.getAll('ToDo').length)
}

test('a time-out after commit has done the work and answers nothing, once', async () => {
  const sandbox = await start()
  const cookie = await signIn(sandbox)
  sandbox.faults.add({
    kind: 'timeout_after_commit',
    method: 'POST',
    path: 'resource/ToDo',
    count: 1,
  })
  await expect(addToDo(sandbox, cookie, 'lost answer')).rejects.toThrow()
  expect(countToDos(sandbox)).toBe(1)
  expect((await addToDo(sandbox, cookie, 'heard')).status).toBe(200)
  expect(countToDos(sandbox)).toBe(2)
})

test('a dropped connection, a 500 and a 429 do no work', async () => {
  const sandbox = await start()
  const cookie = await signIn(sandbox)
  sandbox.faults.add({ kind: 'dropped', path: 'ToDo', count: 1 })
  sandbox.faults.add({ kind: 'error_500', path: 'ToDo', count: 1 })
  sandbox.faults.add({ kind: 'rate_limited', retryAfterSeconds: 7, path: 'ToDo', count: 1 })
  await expect(addToDo(sandbox, cookie, 'dropped')).rejects.toThrow()
  expect((await addToDo(sandbox, cookie, 'failed')).status).toBe(500)
  const limited = await addToDo(sandbox, cookie, 'limited')
  expect(limited.status).toBe(429)
  expect(limited.headers.get('retry-after')).toBe('7')
  expect(countToDos(sandbox)).toBe(0)
  expect(sandbox.faults.isPending).toBe(false)
})

test('latency holds an answer up, other paths stay quick', async () => {
  const sandbox = await start()
  sandbox.faults.add({ kind: 'latency', milliseconds: 150, path: /ping$/, count: 1 })
  const started = performance.now()
  await fetch(`${sandbox.url}/api/method/version`)
  expect(sandbox.faults.isPending).toBe(true)
  await fetch(`${sandbox.url}/api/method/ping`)
  expect(performance.now() - started).toBeGreaterThanOrEqual(145)
})

test('with a data folder documents, sessions, files and logins survive a restart', async () => {
  const dataDir = newFolder()
  const first = await start({ dataDir })
  const cookie = await signIn(first)
  await addToDo(first, cookie, 'kept')
  const form = new FormData()
  form.set('file', new Blob(['bytes']), 'kept.txt')
  form.set('is_private', '1')
  const headers = { cookie }
  await fetch(`${first.url}/api/method/upload_file`, { method: 'POST', body: form, headers })
  const before = first.site.checksums()
  await first.stop()
  running.length = 0

  const second = await start({ dataDir })
  expect(second.site.checksums()).toEqual(before)
  const who = await fetch(`${second.url}/api/method/frappe.auth.get_logged_user`, { headers })
  expect(await who.json()).toEqual({ message: 'Administrator' })
  const file = await fetch(`${second.url}/private/files/kept.txt`, { headers })
  expect(await file.text()).toBe('bytes')
  expect(await signIn(second)).toMatch(/^sid=[0-9a-f]+/)
})

test('a bearer inserted by an app is accepted until its time is over', async () => {
  const sandbox = await start()
  const token = 'an-app-made-bearer-token'
  sandbox.site.run('Administrator', (site) => {
    const client = site.insert({
      doctype: 'OAuth Client',
      app_name: 'App',
      scopes: 'all',
      default_redirect_uri: 'http://127.0.0.1:9/cb',
    })
    site.insert({
      doctype: 'OAuth Bearer Token',
      client: client.name,
      user: 'Administrator',
      scopes: 'all',
      access_token: token,
      expires_in: 600,
      status: 'Active',
    })
  })
  const who = () =>
    fetch(`${sandbox.url}/api/method/frappe.auth.get_logged_user`, {
      headers: { authorization: `Bearer ${token}` },
    })
  expect(await (await who()).json()).toEqual({ message: 'Administrator' })
  sandbox.site.run('Administrator', (site) => {
    site.dbSet('OAuth Bearer Token', token, { expiration_time: '2020-01-01 00:00:00' })
  })
  expect((await who()).status).toBe(401)
})

test('the Steward page carries what it needs to start, and only for who is signed in', async () => {
  const staticFolder = newFolder()
  const loop = '{% for key in boot %} window["{{ key }}"] = {{ boot[key] | tojson }}; {% endfor %}'
  writeFileSync(
    join(staticFolder, 'index.html'),
    `<html><body><script>${loop}</script></body></html>`,
  )
  const sandbox = await start({ staticFolder, bridgeUrl: 'http://127.0.0.1:8700' })
  const guest = await fetch(`${sandbox.url}/steward`, { redirect: 'manual' })
  expect(guest.headers.get('location')).toBe('/login?redirect-to=%2Fsteward')
  const headers = { cookie: await signIn(sandbox) }
  const page = await (await fetch(`${sandbox.url}/steward/requests/1`, { headers })).text()
  expect(page).toContain('window["bridge_url"] = "http://127.0.0.1:8700";')
  expect(page).toContain('window["user"] = "Administrator";')
  expect(page).toMatch(/window\["csrf_token"\] = "[0-9a-f]{56}";/)
  expect(page).not.toContain('{%')
})

test('another site named in the header is not here', async () => {
  const sandbox = await start({ siteName: 'erp.example.test' })
  const ping = (site: string) =>
    fetch(`${sandbox.url}/api/method/ping`, { headers: { 'x-frappe-site-name': site } })
  expect((await ping('erp.example.test')).status).toBe(200)
  expect((await ping('127.0.0.1')).status).toBe(200)
  expect((await ping('other.example.test')).status).toBe(404)
})

test('assets come from the build folder and from nowhere else', async () => {
  const staticFolder = newFolder()
  writeFileSync(join(staticFolder, 'app.js'), 'run()')
  const sandbox = await start({ staticFolder })
  const get = (path: string) => fetch(`${sandbox.url}${path}`)
  expect(await (await get('/assets/steward/frontend/app.js')).text()).toBe('run()')
  expect((await get('/assets/steward/frontend/..%2f..%2f..%2fetc%2fpasswd')).status).toBe(404)
})

test('the document page escapes what people wrote', async () => {
  const sandbox = await start()
  const headers = { cookie: await signIn(sandbox) }
  const { name } = sandbox.site.run('Administrator', (site) =>
    site.insert({ doctype: 'ToDo', description: '<script>alert(1)</script> & more' }),
  )
  const page = await (await fetch(`${sandbox.url}/app/todo/${name}`, { headers })).text()
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more')
})
