import { askOnce, type FaultTarget, type SeenAnswer } from './gateway-fault-ask.ts'
import type { FaultCase } from './gateway-fault-cases.ts'
import { mockProvider, startGatewayStack, type GatewayStack } from './gateway-stack.ts'
import { answer, startUpstream, type MockUpstream } from './gateway-upstream.ts'
import type { OpenDatabase } from '../src/platform/database/index.ts'

/** What one fault came to. */
export interface FaultOutcome extends SeenAnswer {
  milliseconds: number
  first_calls: number
  /** Calls the failing upstream got from a second question asked right afterwards. */
  first_calls_after: number
  /** Milliseconds from the client leaving to the upstream seeing it. */
  stopped_after_ms: number | null
}

export interface StewardOutcome extends FaultOutcome {
  /** Ledger rows of the call: provider, outcome, cost. */
  ledger: { provider: string; outcome: string; nano_usd: bigint; output_tokens: number }[]
}

/** Runs one fault against a fresh gateway with short deadlines. */
export async function runFault(fault: FaultCase, database: OpenDatabase): Promise<StewardOutcome> {
  const [first, second] = await startUpstreams(fault)
  const stack = await startGatewayStack({
    database,
    providers: [mockProvider('first', first.url, 1), mockProvider('second', second.url, 2)],
    options: {
      deadlines: { total_ms: 10_000, first_token_ms: 400, between_tokens_ms: 400 },
    },
  })
  const target = { url: `${stack.url}/v1`, headers: { authorization: `Bearer ${stack.token}` } }
  let ledger: StewardOutcome['ledger'] = []
  const read = async () => {
    await stack.settle()
    ledger = await ledgerOf(stack)
  }
  try {
    return { ...(await observe(fault, target, first, read)), ledger }
  } finally {
    await stack.close()
    await Promise.all([first.close(), second.close()])
  }
}

/** Runs one fault against another server, which `start` tells of the two upstreams. */
export async function runPeerFault(
  fault: FaultCase,
  start: (first: string, second: string) => Promise<FaultTarget & { close?(): Promise<void> }>,
): Promise<FaultOutcome> {
  const [first, second] = await startUpstreams(fault)
  const target = await start(first.url, second.url)
  try {
    return await observe(fault, target, first, async () => undefined)
  } finally {
    await target.close?.()
    await Promise.all([first.close(), second.close()])
  }
}

async function startUpstreams(fault: FaultCase): Promise<[MockUpstream, MockUpstream]> {
  return [
    await startUpstream(fault.behaviour),
    await startUpstream(answer(['Hello', ' from', ' the', ' second'])),
  ]
}

async function observe(
  fault: FaultCase,
  target: FaultTarget,
  first: MockUpstream,
  afterwards: () => Promise<void>,
): Promise<FaultOutcome> {
  const leave = fault.expected === 'left'
  const started = performance.now()
  const seen = await askOnce(target, leave)
  const milliseconds = performance.now() - started
  const firstCalls = first.calls
  const stopped = seen.left_at === null ? null : await stopTime(first, seen.left_at)
  await afterwards()
  if (!seen.hung) await askOnce(target, leave)
  return {
    ...seen,
    milliseconds,
    first_calls: firstCalls,
    first_calls_after: seen.hung ? 1 : first.calls - firstCalls,
    stopped_after_ms: stopped,
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
