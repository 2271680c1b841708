import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInByOAuth, type OAuthTokens } from '../support/oauth-sign-in.ts'
import { grant, logIn, signIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge
beforeAll(async () => {
  bridge = await startTestBridge()
})
afterAll(() => bridge.stop())

function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${bridge.url}/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

function oauthSession(): Promise<OAuthTokens> {
  const { url } = bridge
  return signInByOAuth({ site: bridge.sandbox.url, bridge: url, redeemAt: url }, PEOPLE.user)
}

describe('exchange', () => {
  it('makes the person of the grant the person of the session', async () => {
    const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
    const me = (await (await session.call('/me')).json()) as {
      person: { user: string }
      team: { role: string }
    }
    expect(me.person.user).toBe(PEOPLE.user.user)
    expect(me.team.role).toBe('user')
  })

  it('gives Steward Managers the role admin and desk users without a Steward role viewer', async () => {
    const manager = await signIn(bridge, PEOPLE.manager.user, PEOPLE.manager.password)
    const viewer = await signIn(bridge, PEOPLE.viewer.user, PEOPLE.viewer.password)
    expect(manager.team.role).toBe('admin')
    expect(viewer.team.role).toBe('viewer')
    expect(viewer.team.id).toBe(manager.team.id)
  })

  it('gives a page in Desk no refresh token: the ERPNext session renews', async () => {
    const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
    expect(session.refresh_token).toBeNull()
  })

  it('refuses a made-up bearer', async () => {
    const answer = await post('/session/exchange', { access_token: 'made-up' })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'site_grant_expired' })
  })

  it('refuses a body of no known form and names the problem', async () => {
    const answer = await post('/session/exchange', { token: 'x' })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ code: 'invalid_request' })
  })
})

describe('a session', () => {
  it('ends at once when the person ends it', async () => {
    const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
    expect((await session.call('/session', { method: 'DELETE' })).status).toBe(204)
    expect((await session.call('/me')).status).toBe(401)
  })

  it('is refused with a token of another signer', async () => {
    const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
    const [header, body] = session.access_token.split('.')
    const forged = `${header}.${body}.${'A'.repeat(86)}`
    const answer = await fetch(`${bridge.url}/v1/me`, {
      headers: { authorization: `Bearer ${forged}` },
    })
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  it('loses its way to ERPNext when the person logs out there', async () => {
    const login = await logIn(bridge.sandbox.url, PEOPLE.user.user, PEOPLE.user.password)
    const bearer = await grant(bridge.sandbox.url, login)
    await fetch(`${bridge.sandbox.url}/api/method/logout`, {
      method: 'POST',
      headers: { cookie: login.cookie, 'X-Frappe-CSRF-Token': login.csrf },
    })
    const answer = await post('/session/exchange', { access_token: bearer })
    expect(answer.status).toBe(401)
  })
})

describe('sign-in through OAuth', () => {
  it('comes back with a one-time code, and renews', async () => {
    const session = await oauthSession()
    const renewed = await post('/session/refresh', { refresh_token: session.refresh_token })
    expect(renewed.status).toBe(200)
    const next = (await renewed.json()) as { refresh_token: string }
    expect(next.refresh_token).not.toBe(session.refresh_token)
  })

  it('ends the whole family when a refresh token is used twice', async () => {
    const session = await oauthSession()
    const renewed = (await (
      await post('/session/refresh', { refresh_token: session.refresh_token })
    ).json()) as {
      access_token: string
      refresh_token: string
    }
    const reuse = await post('/session/refresh', { refresh_token: session.refresh_token })
    expect(await reuse.json()).toMatchObject({ status: 401, code: 'refresh_reused' })
    const heir = await post('/session/refresh', { refresh_token: renewed.refresh_token })
    expect(heir.status).toBe(401)
    const call = await fetch(`${bridge.url}/v1/me`, {
      headers: { authorization: `Bearer ${renewed.access_token}` },
    })
    expect(call.status).toBe(401)
  })

  it('lets only one of many uses of the same refresh token through', async () => {
    const session = await oauthSession()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        post('/session/refresh', { refresh_token: session.refresh_token }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  })

  it('does not return to a page of another origin', async () => {
    const answer = await fetch(
      `${bridge.url}/v1/oauth/start?return_to=https%3A%2F%2Fevil.example%2F`,
      { redirect: 'manual' },
    )
    expect(answer.status).toBe(403)
  })

  it('lets nobody end in one browser what was started in another', async () => {
    const start = await fetch(
      `${bridge.url}/v1/oauth/start?return_to=${encodeURIComponent(`${bridge.sandbox.url}/steward`)}`,
      { redirect: 'manual' },
    )
    expect(start.headers.getSetCookie()[0]).toMatch(
      /^steward_sign_in=[^;]+;.*HttpOnly; SameSite=Lax/,
    )
    const state = new URL(start.headers.get('location') ?? '').searchParams.get('state')
    const answer = await fetch(`${bridge.url}/v1/oauth/callback?state=${state}&code=x`, {
      redirect: 'manual',
    })
    expect(answer.status).toBe(401)
  })

  it('comes back to the page when the person denies, though Frappe then leaves the state out', async () => {
    const returnTo = `${bridge.sandbox.url}/steward`
    const start = await fetch(
      `${bridge.url}/v1/oauth/start?return_to=${encodeURIComponent(returnTo)}`,
      { redirect: 'manual' },
    )
    const cookie = start.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const answer = await fetch(`${bridge.url}/v1/oauth/callback?error=access_denied`, {
      redirect: 'manual',
      headers: { cookie },
    })
    expect(answer.headers.get('location')).toBe(`${returnTo}#error=access_denied`)
  })

  it('refuses an answer it did not ask for', async () => {
    const answer = await fetch(`${bridge.url}/v1/oauth/callback?state=none&code=x`, {
      redirect: 'manual',
    })
    expect(answer.status).toBe(401)
  })
})

describe('cross-origin calls', () => {
  it('are allowed for the site and refused for any other origin', async () => {
    const preflight = (origin: string) =>
      fetch(`${bridge.url}/v1/me`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      })
    const site = await preflight(bridge.sandbox.url)
    const other = await preflight('https://evil.example')
    expect(site.headers.get('access-control-allow-origin')).toBe(bridge.sandbox.url)
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})
