import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Conversation } from '../../src/shared/assistant-protocol.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge
let ivy: BridgeSession

beforeAll(async () => {
  bridge = await startTestBridge()
  bridge.sandbox.site.run('Administrator', (site) =>
    site.dbSet('Steward Plan', 'Sandbox', {
      monthly_requests: 10,
      monthly_model_budget_usd: 5,
      person_monthly_requests: 3,
    }),
  )
  ivy = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
})
afterAll(() => bridge.stop())

interface Quota {
  scope: string
  kind: string
  limit: number | null
  used: number
  reserved: number
  remaining: number | null
  resets_at: string
}

async function quotas(session: BridgeSession): Promise<Quota[]> {
  const answer = await session.call('/quotas')
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { data: Quota[] }).data
}

const find = (all: Quota[], scope: string, kind: string) =>
  all.find((quota) => quota.scope === scope && quota.kind === kind)

async function ask(session: BridgeSession, text: string): Promise<string> {
  const begun = await session.call('/conversations', { method: 'POST', body: '{}' })
  const { id } = (await begun.json()) as Conversation
  const answer = await session.call(`/conversations/${id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text }),
    headers: { accept: 'text/event-stream' },
  })
  return answer.text()
}

it('shows the plan as the limit, and nothing used before anything was asked', async () => {
  const all = await quotas(ivy)
  const untouched = { used: 0, reserved: 0 }
  expect(find(all, 'team', 'requests')).toMatchObject({ limit: 10, remaining: 10, ...untouched })
  expect(find(all, 'team', 'model_cost_usd')).toMatchObject({ limit: 5, remaining: 5 })
  expect(find(all, 'person', 'requests')).toMatchObject({ limit: 3, remaining: 3, ...untouched })
  expect(find(all, 'person', 'model_cost_usd')).toMatchObject({ limit: null, remaining: null })
  const resets = new Date(all[0]!.resets_at)
  expect([resets.getUTCDate(), resets.getUTCHours()]).toEqual([1, 0])
  expect(resets.getTime()).toBeGreaterThan(Date.now())
})

it("shows a person's own use also where the plan caps no person", async () => {
  const capless = await startTestBridge()
  try {
    const person = await signIn(capless, PEOPLE.user.user, PEOPLE.user.password)
    const other = await signIn(capless, PEOPLE.manager.user, PEOPLE.manager.password)
    for (let n = 0; n < 2; n += 1) await ask(person, 'help')
    const own = { limit: null, remaining: null, reserved: 0 }
    const all = await quotas(person)
    expect(find(all, 'person', 'requests')).toMatchObject({ ...own, used: 2 })
    expect(find(all, 'person', 'model_cost_usd')).toMatchObject({ ...own, used: 0 })
    expect(all).toHaveLength(4)
    expect(find(await quotas(other), 'person', 'requests')).toMatchObject({ ...own, used: 0 })
  } finally {
    await capless.stop()
  }
})

it('counts what was asked, refuses over the limit, and says so in the same figures', async () => {
  for (let n = 0; n < 3; n += 1) expect(await ask(ivy, 'help')).toContain('request.completed')
  const refused = await ask(ivy, 'help')
  expect(refused).toContain('quota_exceeded')
  await expect
    .poll(async () => find(await quotas(ivy), 'person', 'requests'))
    .toMatchObject({ limit: 3, used: 3, reserved: 0, remaining: 0 })
  expect(find(await quotas(ivy), 'team', 'requests')).toMatchObject({ used: 3, remaining: 7 })
})

it("shows a person the team's figures and their own, nobody else's", async () => {
  const manager = await signIn(bridge, PEOPLE.manager.user, PEOPLE.manager.password)
  const all = await quotas(manager)
  expect(find(all, 'person', 'requests')).toMatchObject({ used: 0, remaining: 3 })
  expect(all.map(({ scope, kind }) => `${scope} ${kind}`)).toHaveLength(4)
})
