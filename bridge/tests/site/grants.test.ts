import { afterAll, beforeAll, expect, test } from 'vitest'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import type { SessionGrant, SiteIdentity } from '../../src/shared/site-protocol.ts'
import { CodeFlow, type Tokens } from './support/code-flow.ts'
import { documentOf, SiteClient } from './support/site-client.ts'
import type { Member } from './support/workshop.ts'
import { Workshop } from './support/workshop.ts'

let workshop: Workshop
let person: Member
let formerClient: unknown

beforeAll(async () => {
  workshop = await Workshop.open()
  person = await workshop.member('grant', ['Sales User', 'Steward User'])
  await connectBridge()
})
afterAll(async () => {
  if (!formerClient) await updateSettings({ oauth_client: null })
  await workshop.close()
})

function updateSettings(values: Record<string, unknown>) {
  return workshop.admin.update('Steward Settings', 'Steward Settings', values)
}

/** Grants need the OAuth client of a connected bridge; a site without one gets one for the test. */
async function connectBridge(): Promise<void> {
  const settings = documentOf(await workshop.admin.read('Steward Settings', 'Steward Settings'))
  formerClient = settings.oauth_client
  if (formerClient) return
  const client = await workshop.make('OAuth Client', {
    app_name: `Steward bridge ${workshop.tag}`,
    scopes: 'all openid',
    redirect_uris: 'http://127.0.0.1:9/cb',
    default_redirect_uri: 'http://127.0.0.1:9/cb',
    skip_authorization: 1,
  })
  expect((await updateSettings({ oauth_client: client.name })).status).toBe(200)
}

async function browser(): Promise<SiteClient> {
  const client = await SiteClient.login(workshop.url, person.user, person.password)
  await client.loadDesk()
  return client
}

function whoami(token: string) {
  return SiteClient.bearer(workshop.url, token).request(
    'POST',
    `/api/method/${STEWARD_METHODS.whoami}`,
  )
}

test('a signed-in page gets a bearer of its own, bound to the session', async () => {
  const client = await browser()
  const grant = await client.call<SessionGrant>(STEWARD_METHODS.grant)
  expect(grant).toMatchObject({ token_type: 'Bearer', user: person.user })
  expect(Date.parse(grant.expires_at)).toBeGreaterThan(Date.now())

  const answer = await whoami(grant.access_token)
  const identity = answer.json?.message as SiteIdentity
  expect(identity).toMatchObject({
    user: person.user,
    authentication: 'bearer',
    steward_client: true,
    grant_kind: 'interactive',
  })
  expect(identity.session_binding).toBeTruthy()
  const own = await client.call<SiteIdentity>(STEWARD_METHODS.whoami)
  expect(own.session_binding).toBe(identity.session_binding)
})

test('a grant needs a cookie session: a bearer or an API key gets none', async () => {
  const grant = await (await browser()).call<SessionGrant>(STEWARD_METHODS.grant)
  const again = await SiteClient.bearer(workshop.url, grant.access_token).request(
    'POST',
    `/api/method/${STEWARD_METHODS.grant}`,
    {},
  )
  expect(again.status).toBe(403)
  const guest = new SiteClient(workshop.url)
  expect((await guest.request('POST', `/api/method/${STEWARD_METHODS.grant}`, {})).status).toBe(403)
})

test('revoking ends the bearer at once', async () => {
  const client = await browser()
  const grant = await client.call<SessionGrant>(STEWARD_METHODS.grant)
  expect((await whoami(grant.access_token)).status).toBe(200)
  await client.call(STEWARD_METHODS.revoke)
  expect((await whoami(grant.access_token)).status).toBe(401)
})

test('signing out of ERPNext ends the interactive grant, another session’s stays', async () => {
  const leaving = await browser()
  const staying = await browser()
  const left = await leaving.call<SessionGrant>(STEWARD_METHODS.grant)
  const kept = await staying.call<SessionGrant>(STEWARD_METHODS.grant)
  expect((await leaving.request('POST', '/api/method/logout')).status).toBe(200)
  expect((await whoami(left.access_token)).status).toBe(401)
  expect((await whoami(kept.access_token)).status).toBe(200)
})

test('a delegated grant needs consent and a scope, and outlives signing out', async () => {
  const client = await browser()
  const ask = (args: Record<string, unknown>) =>
    client.request('POST', `/api/method/${STEWARD_METHODS.grant}`, { kind: 'delegated', ...args })
  expect((await ask({})).status).toBe(403)
  const answer = await ask({ scope: 'automation:test', consent: true })
  expect(answer.status).toBe(200)
  const grant = answer.json?.message as SessionGrant
  await client.request('POST', '/api/method/logout')
  expect((await whoami(grant.access_token)).status).toBe(200)
  await (await browser()).call(STEWARD_METHODS.revoke, { kind: 'delegated' })
  expect((await whoami(grant.access_token)).status).toBe(401)
})

/** The code flow of the connected bridge's own client. */
async function codeFlow(): Promise<CodeFlow> {
  const settings = documentOf(await workshop.admin.read('Steward Settings', 'Steward Settings'))
  const client = await workshop.admin.read('OAuth Client', String(settings.oauth_client))
  return new CodeFlow(workshop.url, documentOf(client))
}

test('a token of the code flow outlives signing out, and ends with a new password', async () => {
  const flow = await codeFlow()
  const someone = await workshop.member('flow', ['Sales User', 'Steward User'])
  const tokens = await flow.tokens(someone)
  const identity = (await whoami(tokens.access_token)).json?.message as SiteIdentity
  expect(identity).toMatchObject({ user: someone.user, steward_client: true, grant_kind: 'oauth' })
  await someone.client.request('POST', '/api/method/logout')
  expect((await whoami(tokens.access_token)).status).toBe(200)

  const renewed = (await flow.refresh(tokens.refresh_token)).json as unknown as Tokens
  const unused = await flow.tokens(someone)
  const password = `${someone.password}-new`
  const changed = await workshop.admin.update('User', someone.user, { new_password: password })
  expect(changed.status).toBe(200)
  for (const { access_token, refresh_token } of [unused, tokens, renewed]) {
    expect((await flow.refresh(refresh_token)).status).toBeGreaterThanOrEqual(400)
    expect((await whoami(access_token)).status).toBe(401)
  }
  const fresh = await flow.tokens({ ...someone, password })
  expect((await whoami(fresh.access_token)).status).toBe(200)
})
