import { afterAll, beforeAll, expect, test } from 'vitest'
import { SiteClient } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let member: Member

beforeAll(async () => {
  workshop = await Workshop.open()
  member = await workshop.member('session', ['Sales User'])
})
afterAll(() => workshop.close())

const WHO = '/api/method/frappe.auth.get_logged_user'

test('signing in with the password answers who one is and sets the session cookie', async () => {
  const client = new SiteClient(workshop.url, {}, true)
  const answer = await client.form('/api/method/login', { usr: member.user, pwd: member.password })
  expect(answer.status).toBe(200)
  expect(answer.json).toMatchObject({ message: 'Logged In', full_name: 'Steward session' })
  expect(client.cookie('sid')).not.toBe('Guest')
  expect((await client.request('GET', WHO)).json).toEqual({ message: member.user })
})

test('a wrong password is refused with 401', async () => {
  const client = new SiteClient(workshop.url)
  const answer = await client.form('/api/method/login', { usr: member.user, pwd: 'wrong' })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ exc_type: 'AuthenticationError' })
})

test('once a page gave a CSRF token, writes without it are refused and with it pass', async () => {
  const client = await SiteClient.login(workshop.url, member.user, member.password)
  await client.loadDesk()
  const values = { description: `csrf ${workshop.tag}`, allocated_to: member.user }
  const allowed = await client.create('ToDo', values)
  expect(allowed.status).toBe(200)
  workshop.remember('ToDo', String((allowed.json?.data as { name: string }).name))

  client.setHeader('x-frappe-csrf-token', 'forged')
  const refused = await client.create('ToDo', values)
  expect(refused.status).toBe(400)
  expect(refused.json).toMatchObject({ exc_type: 'CSRFTokenError' })
  expect((await client.request('GET', WHO)).status).toBe(200)
})

test('signing out ends the session', async () => {
  const client = await SiteClient.login(workshop.url, member.user, member.password)
  await client.loadDesk()
  const sid = client.cookie('sid') ?? ''
  expect((await client.request('POST', '/api/method/logout')).status).toBe(200)
  const replay = new SiteClient(workshop.url, { cookie: `sid=${sid}` })
  expect((await replay.request('GET', WHO)).status).toBe(403)
})

test('an API key pair acts as its user, as token and as Basic', async () => {
  const keys = await workshop.admin.call<{ api_secret: string }>(
    'frappe.core.doctype.user.user.generate_keys',
    { user: member.user },
  )
  const user = await workshop.admin.call<{ api_key: string }>('frappe.client.get', {
    doctype: 'User',
    name: member.user,
  })
  const byToken = SiteClient.apiKey(workshop.url, user.api_key, keys.api_secret)
  expect((await byToken.request('GET', WHO)).json).toEqual({ message: member.user })
  const pair = Buffer.from(`${user.api_key}:${keys.api_secret}`).toString('base64')
  const byBasic = new SiteClient(workshop.url, { authorization: `Basic ${pair}` })
  expect((await byBasic.request('GET', WHO)).json).toEqual({ message: member.user })

  const renewed = await workshop.admin.call<{ api_secret: string }>(
    'frappe.core.doctype.user.user.generate_keys',
    { user: member.user },
  )
  expect(renewed.api_secret).not.toBe(keys.api_secret)
  expect((await byToken.request('GET', WHO)).status).toBe(401)
})

test.each(['token nobody:secret', 'Bearer nothing', 'Basic bm9ib2R5OnNlY3JldA=='])(
  'credentials nobody has are refused with 401, on guest methods too: %s',
  async (authorization) => {
    const client = new SiteClient(workshop.url, { authorization })
    const answer = await client.request('GET', '/api/method/ping')
    expect(answer.status).toBe(401)
    expect(answer.json).toMatchObject({ exc_type: 'AuthenticationError' })
  },
)

test('a disabled user is shut out with session, key and password', async () => {
  const other = await workshop.member('disabled', ['Sales User'])
  const { api_secret: secret } = await workshop.admin.call<{ api_secret: string }>(
    'frappe.core.doctype.user.user.generate_keys',
    { user: other.user },
  )
  const { api_key: key } = await workshop.admin.call<{ api_key: string }>('frappe.client.get', {
    doctype: 'User',
    name: other.user,
  })
  expect((await workshop.admin.update('User', other.user, { enabled: 0 })).status).toBe(200)
  expect((await other.client.request('GET', WHO)).status).toBe(403)
  const byKey = SiteClient.apiKey(workshop.url, key, secret)
  expect((await byKey.request('GET', WHO)).status).toBe(401)
  const login = { usr: other.user, pwd: other.password }
  const answer = await new SiteClient(workshop.url).form('/api/method/login', login)
  expect(answer.status).toBe(401)
})

test('nobody is a guest: 403 for documents and for methods that are not open to guests', async () => {
  const guest = new SiteClient(workshop.url)
  expect((await guest.request('GET', WHO)).status).toBe(403)
  expect((await guest.listAnswer('ToDo')).status).toBe(403)
  expect((await guest.read('ToDo', 'nothing')).status).toBe(403)
  expect((await guest.request('GET', '/api/method/ping')).json).toEqual({ message: 'pong' })
})
