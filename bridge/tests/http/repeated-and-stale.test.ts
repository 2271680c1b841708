import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Conversation } from '../../src/shared/assistant-protocol.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge
let manager: BridgeSession

beforeAll(async () => {
  bridge = await startTestBridge()
  manager = await signIn(bridge, PEOPLE.manager.user, PEOPLE.manager.password)
})
afterAll(() => bridge.stop())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  manager.call(path, { method: 'POST', body: JSON.stringify(body), headers })

const newKey = (name: string, key: string, session = manager) =>
  session.call('/api-keys', {
    method: 'POST',
    body: JSON.stringify({ name }),
    headers: { 'idempotency-key': key },
  })

async function keyNames(): Promise<string[]> {
  const { data } = (await (await manager.call('/api-keys')).json()) as { data: { name: string }[] }
  return data.map((key) => key.name)
}

it('makes one API key for one Idempotency-Key, and answers its secret again', async () => {
  const first = await newKey('Reports', 'key-reports-1')
  const second = await newKey('Reports', 'key-reports-1')
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect(await second.json()).toEqual(await first.json())
  expect(await keyNames()).toEqual(['Reports'])
})

it('makes one when twenty come at once; the others are told to wait, or answered the same', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => newKey('Race', 'key-race-1')))
  const made = answers.filter((answer) => answer.status === 201)
  expect(made.length).toBeGreaterThan(0)
  const ids = await Promise.all(made.map(async (answer) => ((await answer.json()) as Id).id))
  expect(new Set(ids).size).toBe(1)
  for (const refused of answers.filter((answer) => answer.status !== 201)) {
    expect(refused.status).toBe(409)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({ details: { reason: 'running' } })
  }
  expect((await keyNames()).filter((name) => name === 'Race')).toHaveLength(1)
})

it('lists API keys page by page, each once, when others are made in between', async () => {
  for (const n of [1, 2, 3, 4, 5]) await newKey(`Paged ${n}`, `key-paged-${n}`)
  const before = await keyNames()
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const query = cursor ? `&cursor=${cursor}` : ''
    const answer = await manager.call(`/api-keys?limit=2${query}`)
    const page = (await answer.json()) as { data: { name: string }[]; next_cursor: string | null }
    expect(page.data.length).toBeLessThanOrEqual(2)
    seen.push(...page.data.map(({ name }) => name))
    cursor = page.next_cursor
    await newKey('Between', `key-between-${seen.length}`)
  } while (cursor)
  expect(seen).toEqual(before)
  expect((await manager.call('/api-keys?cursor=nonsense')).status).toBe(400)
})

it('refuses the key for another body', async () => {
  await newKey('One', 'key-other-body')
  const other = await newKey('Two', 'key-other-body')
  expect(other.status).toBe(409)
  expect(await other.json()).toMatchObject({
    code: 'idempotency_conflict',
    details: { reason: 'other_request' },
  })
  expect(await keyNames()).not.toContain('Two')
})

it('lets the same key try again what failed', async () => {
  expect((await newKey(' ', 'key-failed-1')).status).toBe(400)
  expect((await newKey('Good name', 'key-failed-1')).status).toBe(201)
})

it('is one person’s own key', async () => {
  bridge.sandbox.site.run('Administrator', (site) => {
    const known = site.getDoc('User', PEOPLE.user.user)
    const roles = known['roles'] as Record<string, string>[]
    site.save({ ...known, roles: [...roles, { role: 'Steward Manager' }] })
  })
  const other = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
  await newKey('Mine', 'key-of-a-person')
  const theirs = await newKey('Theirs', 'key-of-a-person', other)
  expect(theirs.status).toBe(201)
  expect(theirs.headers.get('idempotent-replayed')).toBeNull()
})

interface Id {
  id: string
}

async function conversation(): Promise<Conversation> {
  return (await (await post('/conversations', {})).json()) as Conversation
}

const rename = (id: string, title: string, headers: Record<string, string>) =>
  manager.call(`/conversations/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ title }),
    headers,
  })

it('answers 304 for a version the client has, and the new one after a change', async () => {
  const { id } = await conversation()
  const first = await manager.call(`/conversations/${id}`)
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[\w-]{27}"$/)
  const known = await manager.call(`/conversations/${id}`, { headers: { 'if-none-match': etag } })
  expect([known.status, await known.text()]).toEqual([304, ''])
  await rename(id, 'Another name', {})
  const changed = await manager.call(`/conversations/${id}`, { headers: { 'if-none-match': etag } })
  expect(changed.status).toBe(200)
  expect(changed.headers.get('etag')).not.toBe(etag)
})

it('changes only the version the caller read', async () => {
  const { id } = await conversation()
  const etag = (await manager.call(`/conversations/${id}`)).headers.get('etag') ?? ''
  const answers = await Promise.all(
    ['First', 'Second'].map((title) => rename(id, title, { 'if-match': etag })),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412])
  const stale = answers.find((answer) => answer.status === 412)
  expect(stale?.headers.get('content-type')).toContain('application/problem+json')
  expect(await stale?.json()).toMatchObject({ code: 'precondition_failed' })
  const winner = answers.find((answer) => answer.status === 200)
  const read = await manager.call(`/conversations/${id}`)
  expect(read.headers.get('etag')).toBe(winner?.headers.get('etag'))
  const removal = { method: 'DELETE', headers: { 'if-match': etag } }
  expect((await manager.call(`/conversations/${id}`, removal)).status).toBe(412)
  const now = { method: 'DELETE', headers: { 'if-match': read.headers.get('etag') ?? '' } }
  expect((await manager.call(`/conversations/${id}`, now)).status).toBe(204)
})

it('says both in the OpenAPI document', async () => {
  const document = (await (await fetch(`${bridge.url}/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>
  }
  const headers = (path: string, method: string) =>
    document.paths[path]?.[method]?.parameters?.filter((each) => each.in === 'header')
  expect(headers('/v1/api-keys', 'post')).toMatchObject([{ name: 'Idempotency-Key' }])
  expect(headers('/v1/conversations/{id}', 'patch')).toMatchObject([{ name: 'If-Match' }])
  expect(headers('/v1/conversations/{id}', 'get')).toMatchObject([{ name: 'If-None-Match' }])
})
