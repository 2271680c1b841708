import type { Database } from '../../../platform/database/index.ts'
import type { Clock } from '../../../shared/clock.ts'
import { appendStored } from './event-log.ts'
import type { EventHub } from './event-hub.ts'
import { abandonedRequests, changeRequest, markRunnerSeen } from './request-store.ts'
import { interruptedError } from './running-requests.ts'

export interface RecoveryDependencies {
  database: Database
  hub: EventHub
  clock: Clock
  processId: string
  /** True when no other process can be running requests on this database. */
  onlyProcess: boolean
}

/** A process that has not said it is alive for this long is taken for dead. */
const DEAD_AFTER_MS = 45_000

/** Says that this process is alive and working on its requests. */
export async function sayAlive(dependencies: RecoveryDependencies): Promise<void> {
  await dependencies.database.withSystem('say that running requests are being worked on', (tx) =>
    markRunnerSeen(tx, dependencies.processId, dependencies.clock.now()),
  )
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
  const error = { code: 'interrupted', message: interruptedError().message }
  let failed = 0
  for (const request of abandoned) {
    const key = { site_id: request.site_id, team_id: request.team_id, request_id: request.id }
    const done = await appendStored(
      dependencies,
      key,
      [{ type: 'request.failed', error }],
      async (tx) => {
        await tx
          .updateTable('request')
          .set({ runner_id: null })
          .where('id', '=', request.id)
          .execute()
        const change = { state: 'failed' as const, error, finished_at: now }
        return changeRequest(tx, request.id, change, ['queued', 'running'])
      },
    )
    if (done) failed += 1
  }
  return failed
}
