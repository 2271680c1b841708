import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { BridgeCaller } from '../support/bridge-caller.ts'
import { signInByOAuth, type OAuthTokens } from '../support/oauth-sign-in.ts'
import { PEOPLE } from '../support/sample-people.ts'
import type { BridgeProcess } from '../support/bridge-process.ts'
import { prepareReplicas, signInAt, type Replicas } from './replicas.ts'

let replicas: Replicas
let a: BridgeProcess
let b: BridgeProcess

beforeAll(async () => {
  replicas = await prepareReplicas()
  a = await replicas.start()
  b = await replicas.start()
})
afterAll(() => replicas.stop())

/** Started at A, finished at B. */
function oauthSession(): Promise<OAuthTokens> {
  const places = { site: replicas.sandbox.url, bridge: a.url, redeemAt: b.url }
  return signInByOAuth(places, PEOPLE.user)
}

function refresh(at: BridgeProcess, refresh_token: string): Promise<Response> {
  return fetch(`${at.url}/v1/session/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token }),
  })
}

async function refreshed(at: BridgeProcess, refresh_token: string): Promise<OAuthTokens> {
  const answer = await refresh(at, refresh_token)
  expect(answer.status).toBe(200)
  return (await answer.json()) as OAuthTokens
}

const me = async (at: BridgeProcess, token: string) =>
  (await new BridgeCaller(at.url, token).fetch('/me')).status

describe('a session over two replicas', () => {
  it('is refused on one when it was ended on the other, also where it was just used', async () => {
    const session = await signInAt(a, replicas.sandbox, PEOPLE.user)
    expect(await me(b, session.access_token)).toBe(200)
    const ended = await session.on(a).fetch('/session', { method: 'DELETE' })
    expect(ended.status).toBe(204)
    // Sooner than the two seconds that a session is remembered: B was told.
    await vi.waitFor(async () => expect(await me(b, session.access_token)).toBe(401), {
      timeout: 1_500,
      interval: 10,
    })
  })

  it('begins on one and is redeemed and renewed on the other', async () => {
    const session = await oauthSession()
    const next = await refreshed(b, session.refresh_token)
    const last = await refreshed(a, next.refresh_token)
    expect(await me(b, last.access_token)).toBe(200)
  })

  it('goes on when both renew the grant of ERPNext at once', async () => {
    const session = await oauthSession()
    await replicas.sql(`update session set site_token_expires_at = now() where kind = 'oauth'`)
    const asked = [a, b, a, b].map((at) => {
      const caller = new BridgeCaller(at.url, session.access_token)
      return caller.fetch('/route', { method: 'POST', body: JSON.stringify({ text: 'customers' }) })
    })
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
    expect(await me(a, session.access_token)).toBe(200)
  })
})

describe('a grant of ERPNext that only one of two replicas gets renewed', () => {
  const tokens = () =>
    replicas.sandbox.site.run('Administrator', (site) =>
      site.getAll('OAuth Bearer Token', {
        filters: { user: PEOPLE.user.user, status: 'Active', refresh_token: ['is', 'set'] },
        fields: ['name'],
        order_by: 'creation asc',
      }),
    )
  const revoke = (names: unknown[]) =>
    replicas.sandbox.site.run('Administrator', (site) => {
      for (const name of names)
        site.dbSet('OAuth Bearer Token', String(name), { status: 'Revoked' })
    })
  const route = (at: BridgeProcess, { access_token }: OAuthTokens) =>
    new BridgeCaller(at.url, access_token).fetch('/route', {
      method: 'POST',
      body: JSON.stringify({ text: 'customers' }),
    })
  const letExpire = () =>
    replicas.sql(`update session set site_token_expires_at = now() where kind = 'oauth'`)
  /** Resolves when the site has been asked to renew. */
  async function untilAsked(): Promise<void> {
    await vi.waitFor(() => expect(replicas.sandbox.faults.isPending).toBe(false), {
      timeout: 10_000,
      interval: 5,
    })
  }
  const noticeAsking = () =>
    replicas.sandbox.faults.add({ kind: 'latency', milliseconds: 1, path: 'get_token', count: 1 })

  it('serves the refused one with what the other stores a moment later', async () => {
    revoke(tokens().map(({ name }) => name))
    const session = await oauthSession()
    await letExpire()
    const old = tokens().map(({ name }) => name)
    const release = await replicas.hold(`select 1 from session where kind = 'oauth' for update`)
    const first = route(a, session)
    await vi.waitFor(() => expect(tokens().length).toBe(old.length + 1), {
      timeout: 10_000,
      interval: 5,
    })
    revoke(old)
    noticeAsking()
    const second = route(b, session)
    await untilAsked()
    await release()
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect(await me(a, session.access_token)).toBe(200)
    expect(await me(b, session.access_token)).toBe(200)
  })

  it('ends the session on both when nobody has another', async () => {
    const session = await oauthSession()
    await letExpire()
    revoke(tokens().map(({ name }) => name))
    const refused = await route(b, session)
    expect(await refused.json()).toMatchObject({ status: 401, code: 'site_grant_expired' })
    await vi.waitFor(async () => expect(await me(a, session.access_token)).toBe(401), {
      timeout: 5_000,
      interval: 20,
    })
  })
})

describe('a refresh token over two replicas', () => {
  it('works once, and a second use ends the family on both', async () => {
    const session = await oauthSession()
    const heir = await refreshed(a, session.refresh_token)
    expect(await me(b, heir.access_token)).toBe(200)
    const reuse = await refresh(b, session.refresh_token)
    expect(await reuse.json()).toMatchObject({ status: 401, code: 'refresh_reused' })
    for (const at of [a, b]) {
      expect((await refresh(at, heir.refresh_token)).status).toBe(401)
      await vi.waitFor(async () => expect(await me(at, heir.access_token)).toBe(401))
    }
  })

  it('lets one of many uses at once through, and takes the rest for theft', async () => {
    const session = await oauthSession()
    const uses = Array.from({ length: 8 }, (_, n) => refresh(n % 2 ? a : b, session.refresh_token))
    const answers = await Promise.all(uses)
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    const refused = answers.filter((answer) => !answer.ok)
    for (const answer of refused)
      expect(await answer.json()).toMatchObject({ code: 'refresh_reused' })
  })

  it('ends no other session of the same person', async () => {
    const [stolen, other] = [await oauthSession(), await oauthSession()]
    await refreshed(a, stolen.refresh_token)
    expect((await refresh(b, stolen.refresh_token)).status).toBe(401)
    const next = await refreshed(b, other.refresh_token)
    expect(await me(a, next.access_token)).toBe(200)
  })
})
