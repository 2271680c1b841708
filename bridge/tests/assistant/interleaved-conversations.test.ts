import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  Conversation,
  Message,
  RequestEvent,
  RouteDecision,
} from '../../src/shared/assistant-protocol.ts'
import type { GatewayCall } from '../../src/features/assistant/index.ts'
import type { BrainEvent, Turn } from '../../src/features/assistant/brain.ts'
import { LOCAL, startBench, type Bench } from './support/assistant-bench.ts'
import { ask, textOf } from './support/event-stream.ts'
import { textOfMessage } from './support/scripted-model.ts'

const CONVERSATIONS = 200
const ROUNDS = 3
const AT_ONCE = 20
const MARK = /mark-[a-z0-9]+-end/g

let bench: Bench
/** Marks of other conversations that were seen where they do not belong. */
const strangers: string[] = []
let summaries = 0

beforeAll(async () => {
  bench = await startBench({
    brain: echo,
    ports: {
      router: { route: ({ text }) => routeOf(text), correct: async () => undefined },
      gateway: { tiers: async () => ({ small: true, large: false }), stream: echoModel },
    },
  })
}, 60_000)
afterAll(() => bench.stop())

/** Even conversations are answered by the planner's seat, odd ones by the model loop. */
function routeOf(text: string): RouteDecision {
  return { ...LOCAL, handler: text.startsWith('model') ? 'small' : 'local' }
}

function note(own: string | undefined, text: string): void {
  for (const mark of text.match(MARK) ?? []) {
    if (mark !== own) strangers.push(`${mark} in ${own}`)
  }
}

async function* echo(turn: Turn): AsyncGenerator<BrainEvent> {
  const [own] = turn.text.match(MARK) ?? []
  note(own, JSON.stringify(turn.history))
  yield { type: 'text', text: `${own} ` }
  yield { type: 'memory', memory: { own } }
  yield { type: 'text', text: `after ${turn.history.length}` }
}

async function* echoModel(call: GatewayCall) {
  const text = call.messages.map((message) => textOfMessage(message as never)).join('\n')
  const last = textOfMessage(call.messages.at(-1) as never)
  const [own] = (call.purpose === 'summary' ? text : last).match(MARK) ?? []
  note(own, text)
  if (call.purpose === 'summary') summaries += 1
  const answer = call.purpose === 'summary' ? `Talk about ${own}.` : `${own} from the model`
  yield { type: 'text' as const, text: answer }
  yield {
    type: 'finish' as const,
    reason: 'stop' as const,
    model: 'echo',
    provider_request_id: null,
  }
}

it('keeps two hundred interleaved conversations apart', async () => {
  const talks = await begin()
  const turns = Array.from({ length: ROUNDS }, () => talks).flat()
  const order = fc.sample(fc.shuffledSubarray(turns, { minLength: turns.length }), 1)[0] ?? []
  await inParallel(order, async (talk) => {
    // One conversation's own messages follow each other, as a person types them.
    talk.previous = talk.previous.then(() => talk.say())
    await talk.previous
  })
  expect(strangers).toEqual([])
  expect(summaries).toBeGreaterThan(0)
  await inParallel(talks, (talk) => talk.check())
}, 240_000)

class Talk {
  previous: Promise<void> = Promise.resolve()
  readonly id: string
  readonly mark: string
  readonly person: string
  private readonly kind: string
  private readonly filler: string

  constructor(id: string, index: number) {
    this.id = id
    this.mark = `mark-${index.toString(36)}x${(index * 7919).toString(36)}-end`
    this.person = `person${index % 9}@example.com`
    this.kind = index % 2 === 0 ? 'local' : 'model'
    // Some talk so much that their past has to be summarised.
    this.filler = index % 20 === 1 ? 'and so on '.repeat(1_500) : 'and so on'
  }

  async say(): Promise<void> {
    const events = await ask(
      bench.as(this.person),
      this.id,
      `${this.kind} ${this.mark} ${this.filler}`,
    )
    this.expectOwn(events)
  }

  async check(): Promise<void> {
    const { data } = await bench
      .as(this.person)
      .json<{ data: Message[] }>(`/conversations/${this.id}/messages`)
    expect(data).toHaveLength(2 * ROUNDS)
    for (const message of data) {
      expect(message.text.match(MARK)).toEqual([this.mark])
    }
    expect(data.map(({ role }) => role)).toEqual(
      Array.from({ length: ROUNDS }, () => ['person', 'assistant']).flat(),
    )
  }

  private expectOwn(events: RequestEvent[]): void {
    expect(textOf(events).match(MARK)).toEqual([this.mark])
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
    expect(events.at(-1)?.type).toBe('request.completed')
  }
}

async function begin(): Promise<Talk[]> {
  const talks: Talk[] = []
  for (let index = 0; index < CONVERSATIONS; index += 1) {
    const person = bench.as(`person${index % 9}@example.com`)
    const { id } = await person.post<Conversation>('/conversations')
    talks.push(new Talk(id, index))
  }
  return talks
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
    }),
  )
}
