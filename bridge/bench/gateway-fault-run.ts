import type { FaultCase } from './gateway-fault-cases.ts'
import { mockProvider, startGatewayStack, type GatewayStack } from './gateway-stack.ts'
import { answer, startUpstream, type MockUpstream } from './gateway-upstream.ts'
import type { OpenDatabase } from '../src/platform/database/index.ts'

/** What one fault came to. */
export interface FaultOutcome {
  status: number
  text: string
  finish_reason: string | null
  error: string | null
  ended_with_done: boolean
  milliseconds: number
  /** Ledger rows of the call: provider, outcome, cost. */
  ledger: { provider: string; outcome: string; nano_usd: bigint; output_tokens: number }[]
  first_calls: number
  /** Calls the failing upstream got from a second question asked right afterwards. */
  first_calls_after: number
  /** Milliseconds from the client leaving to the upstream seeing it. */
  stopped_after_ms: number | null
}

/** Runs one fault against a fresh gateway with short deadlines. */
export async function runFault(fault: FaultCase, database: OpenDatabase): Promise<FaultOutcome> {
  const first = await startUpstream(fault.behaviour)
  const second = await startUpstream(answer(['Hello', ' from', ' the', ' second']))
  const stack = await startGatewayStack({
    database,
    providers: [mockProvider('first', first.url, 1), mockProvider('second', second.url, 2)],
    options: {
      deadlines: { total_ms: 10_000, first_token_ms: 400, between_tokens_ms: 400 },
    },
  })
  try {
    return await observe(fault, stack, first)
  } finally {
    await stack.close()
    await Promise.all([first.close(), second.close()])
  }
}

async function observe(
  fault: FaultCase,
  stack: GatewayStack,
  first: MockUpstream,
): Promise<FaultOutcome> {
  const started = performance.now()
  const seen = await ask(stack, fault.expected === 'left')
  const milliseconds = performance.now() - started
  const firstCalls = first.calls
  const stopped = seen.left_at === null ? null : await stopTime(first, seen.left_at)
  await stack.settle()
  const ledger = await ledgerOf(stack)
  await ask(stack, fault.expected === 'left')
  return {
    ...seen,
    milliseconds,
    ledger,
    first_calls: firstCalls,
    first_calls_after: first.calls - firstCalls,
    stopped_after_ms: stopped,
  }
}

/** Asks once, streamed; `leave` goes away after the first token. */
async function ask(stack: GatewayStack, leave: boolean) {
  const controller = new AbortController()
  const response = await fetch(`${stack.url}/v1/chat/completions`, {
    method: 'POST',
    signal: controller.signal,
    headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'steward-small',
      stream: true,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Say hello.' }],
    }),
  })
  let body = ''
  let leftAt: number | null = null
  const decoder = new TextDecoder()
  try {
    for await (const piece of response.body ?? []) {
      body += decoder.decode(piece, { stream: true })
      if (leave) {
        leftAt = performance.now()
        controller.abort()
      }
    }
  } catch (error) {
    if (!leave) throw error
  }
  return { status: response.status, left_at: leftAt, ...readBody(body) }
}

interface SeenChunk {
  choices?: { delta?: { content?: string }; finish_reason?: string | null }[]
  error?: { code: string }
}

function readBody(body: string) {
  const data = body
    .split('\n\n')
    .flatMap((part) => (part.startsWith('data: ') ? [part.slice(6)] : []))
  const chunks = (data.length > 0 ? data.filter((one) => one !== '[DONE]') : [body || '{}']).map(
    (one) => JSON.parse(one) as SeenChunk,
  )
  return {
    text: chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? '').join(''),
    finish_reason:
      chunks.map((chunk) => chunk.choices?.[0]?.finish_reason).find((reason) => reason) ?? null,
    error: chunks.find((chunk) => chunk.error)?.error?.code ?? null,
    ended_with_done: data.at(-1) === '[DONE]',
  }
}

/** Waits for the upstream to see its client go. */
async function stopTime(first: MockUpstream, leftAt: number): Promise<number> {
  const limit = performance.now() + 2_000
  while (first.dropped_at.length === 0 && performance.now() < limit) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  return (first.dropped_at.at(-1) ?? Number.POSITIVE_INFINITY) - leftAt
}

function ledgerOf(stack: GatewayStack) {
  return stack.database.withTenant(stack.auth, (tx) =>
    tx
      .selectFrom('model_call')
      .select(['provider', 'outcome', 'nano_usd', 'output_tokens'])
      .orderBy('id')
      .execute(),
  )
}
