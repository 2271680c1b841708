import { expect } from 'vitest'

/** A browser signed in to ERPNext: cookie and CSRF token. */
export interface SiteLogin {
  cookie: string
  csrf: string
}

/** Logs in at the site as a browser does, and reads the page's CSRF token. */
export async function logIn(siteUrl: string, user: string, password: string): Promise<SiteLogin> {
  const answer = await fetch(`${siteUrl}/api/method/login`, {
    method: 'POST',
    body: new URLSearchParams({ usr: user, pwd: password }),
  })
  expect(answer.status, `log-in of ${user}`).toBe(200)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const page = await (await fetch(`${siteUrl}/app`, { headers: { cookie } })).text()
  const csrf = /csrf_token["']?\]?\s*=\s*["']([^"']+)["']/.exec(page)?.[1] ?? ''
  expect(csrf, 'CSRF token of the page').not.toBe('')
  return { cookie, csrf }
}

/** A bearer of ERPNext for that browser, as `steward.api.session.grant` gives it. */
export async function grant(siteUrl: string, login: SiteLogin): Promise<string> {
  const answer = await fetch(`${siteUrl}/api/method/steward.api.session.grant`, {
    method: 'POST',
    headers: {
      cookie: login.cookie,
      'X-Frappe-CSRF-Token': login.csrf,
      'content-type': 'application/json',
    },
    body: '{}',
  })
  expect(answer.status, 'grant').toBe(200)
  const { message } = (await answer.json()) as { message: { access_token: string } }
  return message.access_token
}

export interface BridgeSession {
  access_token: string
  refresh_token: string | null
  team: { id: string; role: string }
  person: { user: string }
  login: SiteLogin
  /** Calls the bridge's API with this session. */
  call(path: string, init?: RequestInit): Promise<Response>
}

/** Log-in at the site, grant, exchange: what a page does. */
export async function signIn(
  bridge: { url: string; sandbox: { url: string } },
  user: string,
  password: string,
): Promise<BridgeSession> {
  const login = await logIn(bridge.sandbox.url, user, password)
  const access_token = await grant(bridge.sandbox.url, login)
  const answer = await fetch(`${bridge.url}/v1/session/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ access_token }),
  })
  expect(answer.status, 'exchange').toBe(200)
  const session = (await answer.json()) as Omit<BridgeSession, 'login' | 'call'>
  return {
    ...session,
    login,
    call: (path, init) =>
      fetch(`${bridge.url}/v1${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${session.access_token}`,
          'content-type': 'application/json',
          ...init?.headers,
        },
      }),
  }
}
