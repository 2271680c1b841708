import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SiteClient } from './support/site-client.ts'
import type { Answer } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

const BASE = '/api/method/frappe.integrations.oauth2'
const REDIRECT = 'http://127.0.0.1:9/oauth/callback'
const WHO = '/api/method/frappe.auth.get_logged_user'

let workshop: Workshop
let member: Member
let client: Record<string, unknown>

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
})
afterAll(() => workshop.close())

interface Authorization {
  answer: Answer
  verifier: string
}

async function authorize(
  browser: SiteClient,
  extra: Record<string, string> = {},
): Promise<Authorization> {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: String(client.name),
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'all openid',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })
  // Blanks as %20: the provider does not read a plus as one.
  const asked = `${BASE}.authorize?${query.toString().replaceAll('+', '%20')}`
  return { answer: await browser.request('GET', asked), verifier }
}

async function obtainCode(): Promise<{ code: string; verifier: string }> {
  const browser = await SiteClient.login(workshop.url, member.user, member.password)
  const { answer, verifier } = await authorize(browser)
  expect(answer.status).toBe(302)
  const approval = answer.headers.get('location') ?? ''
  expect(approval).toContain('oauth2.approve')
  const approved = await browser.request('GET', approval.replace(workshop.url, ''))
  expect(approved.status).toBe(302)
  const target = new URL(approved.headers.get('location') ?? '')
  expect(target.origin + target.pathname).toBe(REDIRECT)
  expect(target.searchParams.get('state')).toBe('the-state')
  return { code: target.searchParams.get('code') ?? '', verifier }
}

function redeem(code: string, verifier: string): Promise<Answer> {
  return new SiteClient(workshop.url).form(`${BASE}.get_token`, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT,
    client_id: String(client.name),
    client_secret: String(client.client_secret),
  })
}

interface Tokens {
  access_token: string
  refresh_token: string
}

async function obtainTokens(): Promise<Tokens> {
  const { code, verifier } = await obtainCode()
  const answer = await redeem(code, verifier)
  expect(answer.status).toBe(200)
  return answer.json as unknown as Tokens
}

test('code and verifier give a bearer that is exactly the person', async () => {
  const { code, verifier } = await obtainCode()
  const answer = await redeem(code, verifier)
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
  const { code, verifier } = await obtainCode()
  expect((await redeem(code, verifier)).status).toBe(200)
  const again = await redeem(code, verifier)
  expect(again.status).toBe(400)
  expect(again.json).toMatchObject({ error: 'invalid_grant' })
})

test('a wrong verifier gets nothing', async () => {
  const { code } = await obtainCode()
  const answer = await redeem(code, 'something-else-that-is-long-enough-to-be-a-verifier')
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ error: 'invalid_grant' })
})

test('a guest is sent to the login page and back', async () => {
  const { answer } = await authorize(new SiteClient(workshop.url))
  expect(answer.status).toBe(302)
  expect(answer.headers.get('location')).toMatch(/^\/login\?redirect-to=/)
})

test('a redirect URI that is not registered is refused and never followed', async () => {
  const browser = await SiteClient.login(workshop.url, member.user, member.password)
  const { answer } = await authorize(browser, { redirect_uri: 'http://127.0.0.1:9/elsewhere' })
  expect(answer.headers.get('location') ?? '').not.toContain('elsewhere')
  expect(answer.headers.get('location') ?? '').not.toContain('code=')
})

test('a refresh token gives a new pair, and is accepted again', async () => {
  const { refresh_token: token } = await obtainTokens()
  const refresh = () =>
    new SiteClient(workshop.url).form(`${BASE}.get_token`, {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: String(client.name),
      client_secret: String(client.client_secret),
    })
  const first = await refresh()
  expect(first.status).toBe(200)
  const second = await refresh()
  // Rotation is not the site's doing; whoever holds refresh tokens has to enforce it.
  expect(second.status).toBe(200)
  expect(second.json?.access_token).not.toBe(first.json?.access_token)
})

test('a revoked token is refused and introspects as inactive', async () => {
  const { access_token: token } = await obtainTokens()
  const guest = new SiteClient(workshop.url)
  const introspect = () => guest.form(`${BASE}.introspect_token`, { token })
  expect((await introspect()).json).toMatchObject({ active: true, client_id: client.name })
  expect((await guest.form(`${BASE}.revoke_token`, { token })).status).toBe(200)
  expect((await introspect()).json).toMatchObject({ active: false })
  expect((await SiteClient.bearer(workshop.url, token).request('GET', WHO)).status).toBe(401)
})

test('the profile endpoint tells who the bearer is', async () => {
  const { access_token: token } = await obtainTokens()
  const answer = await SiteClient.bearer(workshop.url, token).request(
    'GET',
    `${BASE}.openid_profile`,
  )
  expect(answer.json).toMatchObject({ email: member.user, name: 'Steward oauth' })
})
