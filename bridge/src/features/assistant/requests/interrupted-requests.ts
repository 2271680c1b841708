import { endAbandoned, type AbandonedDependencies } from './abandoned-request.ts'
import { abandonedRequests, markRunnerSeen } from './request-store.ts'
import { interruptedError, type RunningRequests } from './running-requests.ts'

export interface RecoveryDependencies extends AbandonedDependencies {
  running: RunningRequests
  processId: string
  /** True when no other process can be running requests on this database. */
  onlyProcess: boolean
}

/** A process that has not said it is alive for this long is taken for dead. */
const DEAD_AFTER_MS = 45_000

/** Says that this process is alive, and stops what another process has ended in its place. */
export async function sayAlive(dependencies: RecoveryDependencies): Promise<void> {
  const { database, clock, processId } = dependencies
  const running = dependencies.running.ids()
  if (running.length === 0) return
  const ours = await database.systemStatement(
    'say that running requests are being worked on',
    (tx) => markRunnerSeen(tx, processId, running, clock.now()),
  )
  for (const id of running) if (!ours.has(id)) dependencies.running.lose(id)
}

/** Marks requests failed that nobody works on any more, so that nobody waits for them in vain. */
export async function failInterrupted(dependencies: RecoveryDependencies): Promise<number> {
  const { database, processId } = dependencies
  const now = dependencies.clock.now().getTime()
  const own = new Date(now - DEAD_AFTER_MS)
  const others = dependencies.onlyProcess ? new Date(now + 1) : own
  const here = { runner_id: processId, running: dependencies.running.ids() }
  const abandoned = await database.systemStatement('find interrupted requests', (tx) =>
    abandonedRequests(tx, here, { others, own }),
  )
  let failed = 0
  for (const request of abandoned) {
    if (await endAbandoned(dependencies, request, interruptedError())) failed += 1
  }
  return failed
}
