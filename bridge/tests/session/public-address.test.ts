import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Sandbox } from '../../sandbox/index.ts'
import { signInByOAuth } from '../support/oauth-sign-in.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, startTestSandbox, type TestBridge } from '../support/start-test-bridge.ts'

let sandbox: Sandbox
let bridge: TestBridge
/** Where browsers find the site; the bridge itself goes to 127.0.0.1. */
let publicSite: string

beforeAll(async () => {
  sandbox = await startTestSandbox()
  publicSite = sandbox.url.replace('127.0.0.1', 'localhost')
  bridge = await startTestBridge({
    sandbox,
    environment: { STEWARD_SITE_PUBLIC_URL: publicSite },
  })
})
afterAll(async () => {
  await bridge.stop()
  await sandbox.stop()
})

const start = (returnTo: string) =>
  fetch(`${bridge.url}/v1/oauth/start?return_to=${encodeURIComponent(returnTo)}`, {
    redirect: 'manual',
  })

it('sends the browser to the public address of the site, and signs in from there', async () => {
  const answer = await start(`${publicSite}/steward`)
  expect(answer.headers.get('location')).toMatch(new RegExp(`^${publicSite}/api/method/`))
  const places = { site: publicSite, bridge: bridge.url, redeemAt: bridge.url }
  const tokens = await signInByOAuth(places, PEOPLE.user)
  const me = await fetch(`${bridge.url}/v1/me`, {
    headers: { authorization: `Bearer ${tokens.access_token}`, origin: publicSite },
  })
  expect(await me.json()).toMatchObject({ person: { user: PEOPLE.user.user } })
  expect(me.headers.get('access-control-allow-origin')).toBe(publicSite)
})

it('neither lets in pages of the inner address nor returns there', async () => {
  expect((await start(`${sandbox.url}/steward`)).status).toBe(403)
  const answer = await fetch(`${bridge.url}/healthz`, { headers: { origin: sandbox.url } })
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})
