import { ModelFailure } from '../../platform/models/index.ts'
import type { AccountedAttempt } from './accounted-attempt.ts'
import type { GatewayEvent } from './gateway-call.ts'

export interface HedgedAttempts {
  first: AccountedAttempt
  /** Begins the second attempt; null when there is no other candidate. */
  second: (() => Promise<AccountedAttempt>) | null
}

interface Runner {
  attempt: AccountedAttempt
  events: AsyncGenerator<GatewayEvent>
  head: Promise<Head>
}

type Head =
  { runner: number; result: IteratorResult<GatewayEvent> } | { runner: number; error: unknown }

/**
 * The first attempt's events; when it has shown nothing after `afterMs`, a second one begins and
 * the first of the two to show something wins. The other is stopped, and paid for as far as it got.
 */
export async function* hedged(
  attempts: HedgedAttempts,
  afterMs: number | null,
): AsyncGenerator<GatewayEvent> {
  const first = run(attempts.first, 0)
  if (afterMs === null || attempts.second === null) {
    yield* resume(first)
    return
  }
  if (await headWithin(first, afterMs)) {
    yield* resume(first)
    return
  }
  const second = await attempts.second().then(
    (attempt) => run(attempt, 1),
    () => null,
  )
  const runners = second ? [first, second] : [first]
  const winner = await firstToShow(runners)
  for (const runner of runners) if (runner !== winner) void lose(runner)
  yield* resume(winner)
}

function run(attempt: AccountedAttempt, index: number): Runner {
  const events = attempt.events()
  const head = events.next().then(
    (result): Head => ({ runner: index, result }),
    (error: unknown): Head => ({ runner: index, error }),
  )
  return { attempt, events, head }
}

async function headWithin(runner: Runner, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const shown = await Promise.race([runner.head.then(() => true), late])
  clearTimeout(timer)
  return shown
}

/** A failure only wins when all have failed. */
async function firstToShow(runners: Runner[]): Promise<Runner> {
  const good = runners.map(async (runner) => {
    const head = await runner.head
    if ('error' in head) throw head.error
    return runner
  })
  try {
    return await Promise.any(good)
  } catch {
    return runners[0] as Runner
  }
}

async function lose(runner: Runner): Promise<void> {
  const provider = runner.attempt.order.candidate.connection.name
  runner.attempt.stop(
    new ModelFailure('cancelled', 'Another provider answered first.', { provider }),
  )
  await runner.head
  await runner.events.return(undefined).catch(() => undefined)
}

async function* resume(runner: Runner): AsyncGenerator<GatewayEvent> {
  try {
    const head = await runner.head
    if ('error' in head) throw head.error
    if (head.result.done) return
    yield head.result.value
    yield* runner.events
  } finally {
    // Left early: the attempt stops and settles.
    await runner.events.return(undefined)
  }
}
