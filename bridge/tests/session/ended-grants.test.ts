import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Clock } from '../../src/shared/clock.ts'
import { signInByOAuth, type OAuthTokens } from '../support/oauth-sign-in.ts'
import { signIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge
/** How far the bridge's clock is ahead, in milliseconds. */
let ahead = 0
const clock: Clock = {
  now: () => new Date(Date.now() + ahead),
  monotonic: () => performance.now() + ahead,
}

beforeAll(async () => {
  bridge = await startTestBridge({ overrides: { clock } })
})
afterAll(() => bridge.stop())

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${bridge.url}/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function oauthSession(): Promise<OAuthTokens> {
  const { url } = bridge
  return signInByOAuth({ site: bridge.sandbox.url, bridge: url, redeemAt: url }, PEOPLE.user)
}

/** What only the bridge keeps: answering it needs no call of ERPNext. */
const own = async (access_token: string) => {
  const headers = { authorization: `Bearer ${access_token}` }
  const answer = await fetch(`${bridge.url}/v1/conversations`, { headers })
  return { status: answer.status, code: ((await answer.json()) as { code?: string }).code }
}
const ended = { status: 401, code: 'site_grant_expired' }
const later = (seconds: number) => void (ahead += seconds * 1_000)
const asAdministrator = (values: Record<string, unknown>) =>
  bridge.sandbox.site.run('Administrator', (site) =>
    site.save({ ...site.getDoc('User', PEOPLE.user.user), ...values }),
  )

it('shows nothing more within twenty seconds of a log-out', async () => {
  const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
  await fetch(`${bridge.sandbox.url}/api/method/logout`, {
    method: 'POST',
    headers: { cookie: session.login.cookie, 'X-Frappe-CSRF-Token': session.login.csrf },
  })
  expect(await own(session.access_token)).toMatchObject({ status: 200 })
  later(20)
  expect(await own(session.access_token)).toEqual(ended)
  expect(await own(session.access_token)).toEqual(ended)
})

it('shows nothing more within twenty seconds of a new password, and does not renew', async () => {
  const session = await oauthSession()
  asAdministrator({ new_password: PEOPLE.user.password })
  later(20)
  expect(await own(session.access_token)).toEqual(ended)
  const renewed = await post('/session/refresh', { refresh_token: session.refresh_token })
  expect(renewed.status).toBe(401)
})

it('shows nothing more within twenty seconds of an API key being withdrawn', async () => {
  asAdministrator({ api_key: 'a-key', api_secret: 'a-secret' })
  const opened = await post('/session/exchange', { api_key: 'a-key', api_secret: 'a-secret' })
  const session = (await opened.json()) as { access_token: string }
  expect(await own(session.access_token)).toMatchObject({ status: 200 })
  asAdministrator({ api_secret: 'another' })
  later(20)
  expect(await own(session.access_token)).toEqual(ended)
})

it('stands while ERPNext does not answer, or fails at renewing', async () => {
  const session = await oauthSession()
  bridge.sandbox.faults.add({ kind: 'error_500', count: 2 })
  later(20)
  expect(await own(session.access_token)).toMatchObject({ status: 200 })
  bridge.sandbox.faults.clear()
  bridge.sandbox.faults.add({ kind: 'error_500', path: 'get_token' })
  later(3_600)
  const renewed = await post('/session/refresh', { refresh_token: session.refresh_token })
  const { access_token } = (await renewed.json()) as { access_token: string }
  expect(await own(access_token)).toMatchObject({ status: 200 })
  bridge.sandbox.faults.clear()
  later(20)
  expect(await own(access_token)).toMatchObject({ status: 200 })
})
