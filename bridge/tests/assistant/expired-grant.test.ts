import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  OperationList,
} from '../../src/shared/assistant-protocol.ts'
import { STEWARD_METHODS } from '../../src/shared/site-protocol.ts'
import { BridgeCaller } from '../support/bridge-caller.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'

let bridge: TestBridge

beforeAll(async () => {
  bridge = await startTestBridge()
})
afterAll(() => bridge.stop())

interface SignedIn {
  session: BridgeSession
  ivy: BridgeCaller
}

async function signedIn(): Promise<SignedIn> {
  const session = await signIn(bridge, PEOPLE.user.user, PEOPLE.user.password)
  return { session, ivy: new BridgeCaller(bridge.url, session.access_token) }
}

/** Another tab signs out of ERPNext. */
async function signOut({ session }: SignedIn): Promise<void> {
  const answer = await fetch(`${bridge.sandbox.url}/api/method/logout`, {
    method: 'POST',
    headers: { cookie: session.login.cookie, 'X-Frappe-CSRF-Token': session.login.csrf },
  })
  expect(answer.status).toBe(200)
}

async function begin(ivy: BridgeCaller): Promise<string> {
  return (await ivy.post<Conversation>('/conversations')).id
}

async function say(ivy: BridgeCaller, conversation: string, text: string): Promise<string> {
  const path = `/conversations/${conversation}/messages`
  return (await ivy.post<{ request_id: string }>(path, { text })).request_id
}

function resting(ivy: BridgeCaller, request: string): Promise<AssistantRequest> {
  return vi.waitFor(
    async () => {
      const read = await ivy.get<AssistantRequest>(`/requests/${request}`)
      expect(read.state).not.toMatch(/queued|running/)
      return read
    },
    { timeout: 10_000, interval: 20 },
  )
}

async function messages(ivy: BridgeCaller, conversation: string): Promise<Message[]> {
  const path = `/conversations/${conversation}/messages`
  return (await ivy.get<{ data: Message[] }>(path)).data
}

it('keeps a message that was posted with an expired grant, and goes on after a new sign-in', async () => {
  const before = await signedIn()
  const conversation = await begin(before.ivy)
  await signOut(before)
  // The bridge has not noticed yet: it takes the message in, and finds out when it asks ERPNext.
  const request = await say(before.ivy, conversation, 'how many customers do we have')
  await vi.waitFor(async () => {
    const answer = await before.ivy.fetch(`/requests/${request}`)
    expect(await answer.json()).toMatchObject({ status: 401, code: 'site_grant_expired' })
  })

  const { ivy } = await signedIn()
  expect(await resting(ivy, request)).toMatchObject({
    state: 'failed',
    error: { code: 'site_grant_expired' },
  })
  expect(await messages(ivy, conversation)).toMatchObject([
    { role: 'person', text: 'how many customers do we have' },
  ])
  const again = await say(ivy, conversation, 'how many customers do we have')
  expect(await resting(ivy, again)).toMatchObject({ state: 'completed' })
  const thread = await messages(ivy, conversation)
  expect(thread.map((message) => message.role)).toEqual(['person', 'person', 'assistant'])
})

it('refuses a message once it has noticed, with a code that says to sign in, and takes nothing of it', async () => {
  const before = await signedIn()
  const conversation = await begin(before.ivy)
  await signOut(before)
  const first = await say(before.ivy, conversation, 'how many items do we have')
  await vi.waitFor(async () =>
    expect((await before.ivy.fetch(`/requests/${first}`)).status).toBe(401),
  )
  const refused = await before.ivy.fetch(`/conversations/${conversation}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text: 'how many suppliers do we have' }),
  })
  expect(await refused.json()).toMatchObject({ status: 401, code: 'site_grant_expired' })
  const { ivy } = await signedIn()
  expect(await messages(ivy, conversation)).toHaveLength(1)
})

it('keeps a card through a sign-out: approving asks to sign in, and then does it once', async () => {
  const before = await signedIn()
  const quotations = () =>
    bridge.sandbox.site.read('Administrator', (site) => site.getAll('Quotation').length)
  const conversation = await begin(before.ivy)
  const text = 'quotation for 2 CHAIR-TASK to Thornbury Hotel'
  const { operation_lists } = await resting(before.ivy, await say(before.ivy, conversation, text))
  const list = operation_lists[0] as OperationList
  const count = quotations()
  await signOut(before)
  const body = JSON.stringify({ hash: list.hash })
  const path = `/operations/${list.id}/approve`
  const refused = await before.ivy.fetch(path, { method: 'POST', body })
  expect(await refused.json()).toMatchObject({ status: 401, code: 'site_grant_expired' })
  expect(quotations()).toBe(count)

  const { ivy } = await signedIn()
  expect(await ivy.post(path, { hash: list.hash })).toMatchObject({ state: 'applied' })
  expect(quotations()).toBe(count + 1)
})

it('finishes with the new sign-in an approval whose outcome the old one never heard', async () => {
  const before = await signedIn()
  const conversation = await begin(before.ivy)
  const text = 'quotation for 1 CHAIR-TASK to Thornbury Hotel'
  const request = await say(before.ivy, conversation, text)
  const list = (await resting(before.ivy, request)).operation_lists[0] as OperationList
  bridge.sandbox.faults.add({ kind: 'timeout_after_commit', path: STEWARD_METHODS.apply, count: 1 })
  const approving = before.ivy.fetch(`/operations/${list.id}/approve`, {
    method: 'POST',
    body: JSON.stringify({ hash: list.hash }),
  })
  await vi.waitFor(() => expect(bridge.sandbox.faults.isPending).toBe(false))
  await signOut(before)
  await approving
  const { ivy } = await signedIn()
  const settled = await vi.waitFor(
    async () => {
      const read = await ivy.get<AssistantRequest>(`/requests/${request}`)
      expect(read.operation_lists[0]?.state).toBe('applied')
      return read.operation_lists[0] as OperationList
    },
    { timeout: 45_000, interval: 100 },
  )
  expect(settled.outcomes).toHaveLength(1)
}, 60_000)
