import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type {
  AssistantRequest,
  Conversation,
  Message,
  RequestEvent,
} from '../../src/shared/assistant-protocol.ts'
import { startSlowModel, type SlowModel } from '../browser/support/slow-model.ts'
import { BridgeCaller } from '../support/bridge-caller.ts'
import { signIn } from '../support/people.ts'
import { PEOPLE } from '../support/sample-people.ts'
import { startTestBridge, type TestBridge } from '../support/start-test-bridge.ts'
import { eventsOf, textOf } from './support/event-stream.ts'

/** Not a thing for the local planner: a model is asked. */
const QUESTION = 'Bitte erkläre mir, warum die Angebote in diesem Jahr so oft verloren gehen'

let model: SlowModel
let bridge: TestBridge
let ivy: BridgeCaller

beforeAll(async () => {
  model = await startSlowModel()
  bridge = await startTestBridge({
    environment: {
      STEWARD_OPENAI_COMPATIBLE_URL: model.url,
      STEWARD_SMALL_MODELS: 'openai_compatible/slow',
      STEWARD_FREE_MODELS: 'openai_compatible/slow',
    },
  })
  ivy = await callerOf(PEOPLE.user)
})
afterAll(async () => {
  await bridge.stop()
  await model.stop()
})

async function callerOf(person: { user: string; password: string }): Promise<BridgeCaller> {
  const session = await signIn(bridge, person.user, person.password)
  return new BridgeCaller(bridge.url, session.access_token)
}

/** A question the model has been asked, and the stream of its answer. */
class Talk {
  readonly seen: RequestEvent[] = []
  readonly #events: AsyncGenerator<RequestEvent>
  readonly conversation: string
  readonly request: string
  readonly leave: () => void

  private constructor(answer: Response, conversation: string, leave: () => void) {
    this.#events = eventsOf(answer)
    this.conversation = conversation
    this.request = answer.headers.get('x-steward-request-id') ?? ''
    this.leave = leave
  }

  static async begin(): Promise<Talk> {
    const { id } = await ivy.post<Conversation>('/conversations')
    const leaving = new AbortController()
    const answer = await ivy.fetch(`/conversations/${id}/messages`, {
      method: 'POST',
      body: JSON.stringify({ text: QUESTION }),
      headers: { accept: 'text/event-stream' },
      signal: leaving.signal,
    })
    await model.called()
    return new Talk(answer, id, () => leaving.abort())
  }

  /** The model says this, and the person has read it. */
  async say(words: string): Promise<void> {
    model.say(words)
    while (!textOf(this.seen).includes(words)) await this.#next()
  }

  async end(): Promise<RequestEvent | undefined> {
    while (await this.#next());
    return this.seen.at(-1)
  }

  async answer(): Promise<Message | undefined> {
    const { data } = await ivy.get<{ data: Message[] }>(
      `/conversations/${this.conversation}/messages`,
    )
    return data[1]
  }

  async #next(): Promise<boolean> {
    const step = await this.#events.next()
    if (!step.done) this.seen.push(step.value)
    return !step.done
  }
}

it('ends the call to the model when the person stops, before the model says another word', async () => {
  const talk = await Talk.begin()
  await talk.say('First words')
  const stopped = ivy.post(`/requests/${talk.request}/cancel`)
  // Nothing more is said until the connection is closed.
  await model.idle()
  model.say(' that come too late')
  expect(await stopped).toMatchObject({ state: 'cancelled' })
  expect((await talk.end())?.type).toBe('request.cancelled')
  expect(textOf(talk.seen)).toBe('First words')
  expect(await talk.answer()).toMatchObject({
    text: 'First words',
    parts: [{ type: 'notice', level: 'info', code: 'cancelled' }],
  })
})

it('ends the call also while the model has said nothing yet', async () => {
  const talk = await Talk.begin()
  const stopped = ivy.post(`/requests/${talk.request}/cancel`)
  await model.idle()
  expect(await stopped).toMatchObject({ state: 'cancelled' })
  expect((await talk.end())?.type).toBe('request.cancelled')
  expect(await talk.answer()).toBeUndefined()
})

it('tells that the provider died in the middle, keeps what was shown and does not ask again', async () => {
  const talk = await Talk.begin()
  await talk.say('Half of an answer')
  model.breakOff()
  expect(await talk.end()).toMatchObject({
    type: 'request.failed',
    error: { code: 'model_failed' },
  })
  expect(await talk.answer()).toMatchObject({
    text: 'Half of an answer',
    parts: [{ type: 'notice', level: 'error' }],
  })
  await model.idle()
  const request = await ivy.get<AssistantRequest>(`/requests/${talk.request}`)
  expect(request).toMatchObject({ state: 'failed', error: { code: 'model_failed' } })
})

it('goes on with the answer when only the reader leaves', async () => {
  const talk = await Talk.begin()
  await talk.say('Before, ')
  talk.leave()
  model.say('and after.')
  model.finish()
  await vi.waitFor(async () => expect((await talk.answer())?.text).toBe('Before, and after.'), {
    timeout: 10_000,
  })
})

it('ends the call when the caller of a chat completion leaves, before the next word', async () => {
  const manager = await callerOf(PEOPLE.manager)
  const { token } = await manager.post<{ token: string }>('/api-keys', { name: 'an app' })
  const leaving = new AbortController()
  const asked = fetch(`${bridge.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'steward-small',
      stream: true,
      messages: [{ role: 'user', content: 'Hello?' }],
    }),
    signal: leaving.signal,
  })
  await model.called()
  model.say('First words')
  const reader = (await asked).body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('First words')
  leaving.abort()
  await model.idle()
})
