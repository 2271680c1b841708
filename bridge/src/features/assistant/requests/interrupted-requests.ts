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
  const running = dependencies.running.ids()
  const ours = await dependencies.database.withSystem(
    'say that running requests are being worked on',
    (tx) => markRunnerSeen(tx, dependencies.processId, dependencies.clock.now()),
  )
  for (const id of running) if (!ours.has(id)) dependencies.running.lose(id)
}

/** Marks requests failed whose process is gone, so that nobody waits for them in vain. */
export async function failInterrupted(dependencies: RecoveryDependencies): Promise<number> {
  const now = dependencies.clock.now()
  const seenBefore = dependencies.onlyProcess
    ? new Date(now.getTime() + 1)
    : new Date(now.getTime() - DEAD_AFTER_MS)
  const abandoned = await dependencies.database.withSystem('find interrupted requests', (tx) =>
    abandonedRequests(tx, dependencies.processId, seenBefore),
  )
  let failed = 0
  for (const request of abandoned) {
    if (await endAbandoned(dependencies, request, interruptedError())) failed += 1
  }
  return failed
}
