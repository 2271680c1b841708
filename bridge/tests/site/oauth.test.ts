import { afterAll, beforeAll, expect, test } from 'vitest'
import { CodeFlow, OAUTH, type Tokens } from './support/code-flow.ts'
import { SiteClient } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

const REDIRECT = 'http://127.0.0.1:9/oauth/callback'
const WHO = '/api/method/frappe.auth.get_logged_user'

let workshop: Workshop
let member: Member
let client: Record<string, unknown>
let flow: CodeFlow

beforeAll(async () => {
  workshop = await Workshop.open()
  member = await workshop.member('oauth', ['Sales User'])
  client = await workshop.make('OAuth Client', {
    app_name: `Steward test ${workshop.tag}`,
    scopes: 'all openid',
    redirect_uris: REDIRECT,
    default_redirect_uri: REDIRECT,
    grant_type: 'Authorization Code',
    response_type: 'Code',
    skip_authorization: 1,
  })
  flow = new CodeFlow(workshop.url, client)
})
afterAll(() => workshop.close())

test('code and verifier give a bearer that is exactly the person', async () => {
  const { code, verifier } = await flow.obtainCode(member)
  const answer = await flow.redeem(code, verifier)
  expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
  const tokens = answer.json as unknown as Tokens & { id_token: string }
  const bearer = SiteClient.bearer(workshop.url, tokens.access_token)
  expect((await bearer.request('GET', WHO)).json).toEqual({ message: member.user })
  const claims = JSON.parse(
    Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString('utf8'),
  ) as { roles: string[]; email: string }
  expect(claims.email).toBe(member.user)
  expect(claims.roles).toContain('Sales User')
})

test('a code works once', async () => {
  const { code, verifier } = await flow.obtainCode(member)
  expect((await flow.redeem(code, verifier)).status).toBe(200)
  const again = await flow.redeem(code, verifier)
  expect(again.status).toBe(400)
  expect(again.json).toMatchObject({ error: 'invalid_grant' })
})

test('a wrong verifier gets nothing', async () => {
  const { code } = await flow.obtainCode(member)
  const answer = await flow.redeem(code, 'something-else-that-is-long-enough-to-be-a-verifier')
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ error: 'invalid_grant' })
})

test('a guest is sent to the login page and back', async () => {
  const { answer } = await flow.authorize(new SiteClient(workshop.url))
  expect(answer.status).toBe(302)
  expect(answer.headers.get('location')).toMatch(/^\/login\?redirect-to=/)
})

test('a redirect URI that is not registered is refused and never followed', async () => {
  const browser = await SiteClient.login(workshop.url, member.user, member.password)
  const { answer } = await flow.authorize(browser, { redirect_uri: 'http://127.0.0.1:9/elsewhere' })
  expect(answer.headers.get('location') ?? '').not.toContain('elsewhere')
  expect(answer.headers.get('location') ?? '').not.toContain('code=')
})

test('a refresh token gives a new pair, and is accepted again', async () => {
  const { refresh_token: token } = await flow.tokens(member)
  const refresh = () => flow.refresh(token)
  const first = await refresh()
  expect(first.status).toBe(200)
  const second = await refresh()
  // Rotation is not the site's doing; whoever holds refresh tokens has to enforce it.
  expect(second.status).toBe(200)
  expect(second.json?.access_token).not.toBe(first.json?.access_token)
})

test('a revoked token is refused and introspects as inactive', async () => {
  const { access_token: token } = await flow.tokens(member)
  const guest = new SiteClient(workshop.url)
  const introspect = () => guest.form(`${OAUTH}.introspect_token`, { token })
  expect((await introspect()).json).toMatchObject({ active: true, client_id: client.name })
  expect((await guest.form(`${OAUTH}.revoke_token`, { token })).status).toBe(200)
  expect((await introspect()).json).toMatchObject({ active: false })
  expect((await SiteClient.bearer(workshop.url, token).request('GET', WHO)).status).toBe(401)
})

test('the profile endpoint tells who the bearer is', async () => {
  const { access_token: token } = await flow.tokens(member)
  const answer = await SiteClient.bearer(workshop.url, token).request(
    'GET',
    `${OAUTH}.openid_profile`,
  )
  expect(answer.json).toMatchObject({ email: member.user, name: 'Steward oauth' })
})
