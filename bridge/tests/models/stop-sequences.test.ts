import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startGatewayStack } from '../../bench/gateway-stack.ts'
import { startUpstream } from '../../bench/gateway-upstream.ts'
import type { ModelEvent } from '../../src/platform/models/index.ts'
import { cutAtStop } from '../../src/platform/models/stop-sequences.ts'

test('whatever the pieces, the answer ends before the first stop sequence and loses nothing else', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40 })
  const sequence = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      letters,
      fc.array(sequence, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      async (text, sequences, sizes) => {
        const { said, finish, left } = await cut(pieces(text, sizes), sequences)
        const ends = sequences.map((one) => text.indexOf(one)).filter((index) => index >= 0)
        const end = ends.length > 0 ? Math.min(...ends) : text.length
        // A later, longer sequence may begin before a shorter one that was complete first.
        const whole = sequences.some((one) => said.includes(one))
        expect(whole).toBe(false)
        expect(text.startsWith(said)).toBe(true)
        expect(said.length).toBeGreaterThanOrEqual(end)
        expect(finish).toBe(ends.length > 0 ? 'stop' : 'length')
        expect(left).toBe(ends.length > 0)
      },
    ),
  )
})

function pieces(text: string, sizes: Iterable<number>): string[] {
  const found: string[] = []
  let rest = text
  for (const size of sizes) {
    if (rest === '') break
    found.push(rest.slice(0, size))
    rest = rest.slice(size)
  }
  return found
}

async function cut(texts: string[], sequences: string[]) {
  let left = true
  async function* source(): AsyncGenerator<ModelEvent> {
    for (const text of texts) yield { type: 'text', text }
    left = false
    yield { type: 'finish', reason: 'length', model: 'm', provider_request_id: null }
  }
  let said = ''
  let finish: string | null = null
  for await (const event of cutAtStop(source(), sequences, 'm')) {
    if (event.type === 'text') said += event.text
    if (event.type === 'finish') finish = event.reason
  }
  return { said, finish, left }
}

test('a caller’s stop sequence holds on the Responses API: cut, finished, provider stopped, usage flagged', async () => {
  const deltas = ['One', ', two. E', 'N', 'D and', ' more', ' and more']
  const upstream = await startUpstream((res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const delta of deltas) res.write(frame('response.output_text.delta', { delta }))
  })
  const stack = await startGatewayStack({
    providers: [
      {
        connection: { name: 'own', kind: 'openai', base_url: upstream.url, api_key: 'k' },
        small_models: ['gpt-6-luna'],
        large_models: [],
        priority: 1,
      },
    ],
  })
  try {
    for (const stream of [false, true]) {
      const answer = await fetch(`${stack.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'steward-small',
          stream,
          stop: ['END'],
          messages: [{ role: 'user', content: 'Count.' }],
        }),
      })
      const text = await answer.text()
      expect(said(text, stream)).toEqual({ text: 'One, two. ', finish: 'stop' })
      expect(upstream.last_body).not.toContain('END')
    }
    await expect.poll(() => upstream.dropped_at.length).toBe(2)
    await stack.settle()
    const rows = await stack.database.withTenant(stack.auth, (tx) =>
      tx
        .selectFrom('model_call')
        .select(['outcome', 'finish_reason', 'usage_source', 'output_tokens', 'nano_usd'])
        .execute(),
    )
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'finished', finish_reason: 'stop' })
      expect(row.usage_source).toBe('estimated')
      expect(row.output_tokens).toBeGreaterThan(0)
      expect(row.nano_usd).toBeGreaterThan(0n)
    }
  } finally {
    await stack.close()
    await upstream.close()
  }
})

function frame(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`
}

interface Choice {
  delta?: { content?: string }
  message?: { content: string }
  finish_reason: string | null
}

function said(body: string, stream: boolean) {
  const texts = stream
    ? body.split('\n\n').flatMap((part) => (part.startsWith('data: {') ? [part.slice(6)] : []))
    : [body]
  const choices = texts.flatMap((text) => (JSON.parse(text) as { choices: Choice[] }).choices)
  return {
    text: choices.map(({ delta, message }) => message?.content ?? delta?.content ?? '').join(''),
    finish: choices.map(({ finish_reason: finish }) => finish).find((reason) => reason) ?? null,
  }
}
