import { expect } from 'vitest'
import { logIn } from './people.ts'

export interface OAuthTokens {
  access_token: string
  refresh_token: string
}

/** Where the steps of a sign-in go; with several replicas they need not be the same. */
export interface OAuthPlaces {
  site: string
  /** The bridge that starts it and is returned to: the one the site knows. */
  bridge: string
  /** The bridge that takes the one-time code. */
  redeemAt: string
}

/** Signs in as a stand-alone browser does: authorization code with PKCE, then the one-time code. */
export async function signInByOAuth(
  places: OAuthPlaces,
  person: { user: string; password: string },
): Promise<OAuthTokens> {
  const login = await logIn(places.site, person.user, person.password)
  const returnTo = `${places.site}/steward`
  let address = `${places.bridge}/v1/oauth/start?return_to=${encodeURIComponent(returnTo)}`
  let started = ''
  for (let hop = 0; hop < 6 && !address.startsWith(`${returnTo}#`); hop += 1) {
    const cookie = address.startsWith(places.site) ? login.cookie : started
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } })
    expect(answer.status, address).toBe(302)
    if (hop === 0) started = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    address = new URL(answer.headers.get('location') ?? '', address).toString()
  }
  const code = new URLSearchParams(new URL(address).hash.slice(1)).get('code')
  const answer = await fetch(`${places.redeemAt}/v1/session/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  expect(answer.status, 'the one-time code').toBe(200)
  return (await answer.json()) as OAuthTokens
}
