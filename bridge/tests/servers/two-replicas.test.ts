import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Conversation, Message, RequestEvent } from '../../src/shared/assistant-protocol.ts'
import { eventsOf, textOf } from '../assistant/support/event-stream.ts'
import { startSlowModel, type SlowModel } from '../browser/support/slow-model.ts'
import { PEOPLE } from '../support/sample-people.ts'
import type { BridgeProcess } from '../support/bridge-process.ts'
import { prepareReplicas, signInAt, type Replicas, type ReplicaSession } from './replicas.ts'

let model: SlowModel
let replicas: Replicas
let a: BridgeProcess
let b: BridgeProcess
let ivy: ReplicaSession

beforeAll(async () => {
  model = await startSlowModel()
  replicas = await prepareReplicas({
    STEWARD_OPENAI_COMPATIBLE_URL: model.url,
    STEWARD_SMALL_MODELS: 'openai_compatible/slow',
    STEWARD_LARGE_MODELS: 'openai_compatible/slow',
    STEWARD_FREE_MODELS: 'openai_compatible/slow',
  })
  a = await replicas.start()
  b = await replicas.start()
  ivy = await signInAt(a, replicas.sandbox, PEOPLE.user)
})
afterAll(async () => {
  await replicas.stop()
  await model.stop()
})

/** Not a thing for the local planner: a model is asked. */
const QUESTION = 'Bitte erkläre mir, warum die Angebote in diesem Jahr so oft verloren gehen'

/** Asks on A; the model has been called when this answers. */
async function askOnA(): Promise<{ id: string; conversation: string }> {
  const { id: conversation } = await ivy.on(a).post<Conversation>('/conversations')
  const asked = await ivy
    .on(a)
    .post<{ request_id: string }>(`/conversations/${conversation}/messages`, { text: QUESTION })
  await model.called()
  return { id: asked.request_id, conversation }
}

/** The stream of a request read from one replica, with what it has brought so far. */
class Reader {
  readonly seen: RequestEvent[] = []
  readonly #events: AsyncGenerator<RequestEvent>
  readonly #leave: AbortController

  private constructor(answer: Response, leave: AbortController) {
    this.#events = eventsOf(answer)
    this.#leave = leave
  }

  static async of(bridge: BridgeProcess, id: string, after = 0): Promise<Reader> {
    const leave = new AbortController()
    const headers = { accept: 'text/event-stream', 'last-event-id': String(after) }
    const init = { headers, signal: leave.signal }
    return new Reader(await ivy.on(bridge).fetch(`/requests/${id}/events`, init), leave)
  }

  /** Reads until this text was shown. */
  async text(words: string): Promise<void> {
    while (!textOf(this.seen).includes(words)) await this.#next()
  }

  async end(): Promise<void> {
    while (await this.#next());
  }

  /** Goes away as a browser that lost its connection; answers the last event it had. */
  leave(): number {
    this.#leave.abort()
    return this.seen.at(-1)?.seq ?? 0
  }

  async #next(): Promise<boolean> {
    const step = await this.#events.next()
    if (!step.done) this.seen.push(step.value)
    return !step.done
  }
}

const numbers = (events: RequestEvent[]) => events.map((event) => event.seq)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

it('cancels on one replica what the other runs, before the model says another word', async () => {
  const { id } = await askOnA()
  const reader = await Reader.of(b, id)
  model.say('The first words ')
  await reader.text('The first words ')
  const cancelled = await ivy.on(b).post(`/requests/${id}/cancel`)
  expect(cancelled).toMatchObject({ state: 'cancelled' })
  // Only now would the model go on: nobody listens any more.
  await model.idle()
  await reader.end()
  expect(reader.seen.at(-1)?.type).toBe('request.cancelled')
  expect(numbers(reader.seen)).toEqual(upTo(reader.seen.length))
})

it('brings every event once and in order, whichever replica a reader comes back to', async () => {
  const { id } = await askOnA()
  const seen: RequestEvent[] = []
  for (const [index, bridge] of [b, a, b, a, b].entries()) {
    const reader = await Reader.of(bridge, id, seen.at(-1)?.seq ?? 0)
    for (const word of ['one ', 'two ', 'three ']) model.say(`${index}-${word}`)
    await reader.text(`${index}-three `)
    reader.leave()
    seen.push(...reader.seen)
  }
  const last = await Reader.of(a, id, seen.at(-1)?.seq ?? 0)
  const whole = await Reader.of(b, id)
  model.finish()
  await Promise.all([last.end(), whole.end()])
  seen.push(...last.seen)
  const { data } = await ivy.on(b).get<{ data: RequestEvent[] }>(`/requests/${id}/events`)
  expect(numbers(data)).toEqual(upTo(data.length))
  expect(seen).toEqual(data)
  expect(whole.seen).toEqual(data)
  expect(data.at(-1)?.type).toBe('request.completed')
  expect(textOf(data)).toContain('0-one 0-two 0-three 1-one')
})

it('tells who reads from the other replica that its own was killed, and keeps what it had shown', async () => {
  const { id, conversation } = await askOnA()
  const reader = await Reader.of(b, id)
  model.say('Half of the answer ')
  await reader.text('Half of the answer ')
  await stored(id, 'Half of the answer ')
  // What comes now is shown, and dies with the replica before it is stored.
  const release = await replicas.lock(`select * from request where id = '${id}' for update`)
  model.say('and a last word')
  await reader.text('and a last word')
  await a.kill()
  await release()
  await replicas.sql(`update request set runner_seen_at = now() - interval '1 minute'`)
  a = await replicas.start()
  await reader.end()
  expect(reader.seen.at(-1)).toMatchObject({
    type: 'request.failed',
    error: { code: 'interrupted' },
  })
  const { data } = await ivy
    .on(a)
    .get<{ data: Message[] }>(`/conversations/${conversation}/messages`)
  expect(data.map((message) => message.role)).toEqual(['person', 'assistant'])
  expect(data[1]?.text).toBe('Half of the answer ')
  expect(data[1]?.parts.at(-1)).toMatchObject({ type: 'notice', level: 'error' })
})

it('cancels what a killed replica ran, without waiting until it counts as dead', async () => {
  const { id } = await askOnA()
  const reader = await Reader.of(b, id)
  model.say('Some words ')
  await reader.text('Some words ')
  await a.kill()
  const cancelled = await ivy.on(b).post(`/requests/${id}/cancel`)
  expect(cancelled).toMatchObject({ state: 'cancelled' })
  await reader.end()
  expect(reader.seen.at(-1)?.type).toBe('request.cancelled')
  a = await replicas.start()
})

/** Resolves when these words are in the database, not only on screens. */
async function stored(id: string, words: string): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = await ivy.on(b).get<{ data: RequestEvent[] }>(`/requests/${id}/events`)
    expect(textOf(data)).toContain(words)
  })
}
