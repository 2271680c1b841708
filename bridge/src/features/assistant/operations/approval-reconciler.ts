import type { Logger } from '../../../platform/telemetry/index.ts'
import { recordDecision } from './decision.ts'
import {
  SETTLING_LEASE_MS,
  type ApprovalDependencies,
  type ApprovalService,
} from './approval-service.ts'
import { unsettledLists, type OperationListRow } from './operation-list-store.ts'
import { readOutcomes } from './site-operations.ts'

/**
 * Finishes approvals whose outcome is unknown: apply is repeated with the same ids and hash as the
 * person who approved. Without a grant of theirs ERPNext is only asked what it knows, since "not
 * found" does not mean "not done"; the approval then stays open until they are back.
 */
export async function reconcileApprovals(
  dependencies: ApprovalDependencies,
  service: ApprovalService,
  logger: Logger,
): Promise<number> {
  const now = dependencies.clock.now()
  const lists = await dependencies.database.withSystem('settle open approvals', (tx) =>
    unsettledLists(tx, now),
  )
  let settled = 0
  for (const list of lists) {
    if (!(await claim(dependencies, list, now))) continue
    try {
      if (await settleOne(dependencies, service, list)) settled += 1
    } catch (err) {
      logger.warn({ err, operation_list_id: list.id }, 'approval is still open')
    }
  }
  return settled
}

/** Only one process settles a list at a time. */
async function claim(
  dependencies: ApprovalDependencies,
  list: OperationListRow,
  now: Date,
): Promise<boolean> {
  const claimed = await dependencies.database.withTenant(list, (tx) =>
    tx
      .updateTable('operation_list')
      .set((eb) => ({
        settling_until: new Date(now.getTime() + SETTLING_LEASE_MS),
        attempts: eb('attempts', '+', 1),
      }))
      .where('id', '=', list.id)
      .where('state', '=', 'approving')
      .where('attempts', '=', list.attempts)
      .executeTakeFirst(),
  )
  return claimed.numUpdatedRows > 0n
}

async function settleOne(
  dependencies: ApprovalDependencies,
  service: ApprovalService,
  list: OperationListRow,
): Promise<boolean> {
  const person = list.decided_by ?? list.person
  const session = await dependencies.sites.recover(list.site_id, list.team_id, person)
  if (session) {
    const settlement = await service.settle(list, session, false)
    if (settlement.kind === 'decided') return true
  }
  const serviceSession = await dependencies.sites.asService(list.site_id)
  const known = serviceSession ? await readOutcomes(serviceSession, list) : null
  return known ? recordDecision(dependencies, list, known) : false
}

/** After a restart of a single process nobody else can be settling: take all open approvals now. */
export async function releaseSettlingLeases(dependencies: ApprovalDependencies): Promise<void> {
  await dependencies.database.withSystem('take open approvals over after a restart', (tx) =>
    tx
      .updateTable('operation_list')
      .set({ settling_until: new Date(0) })
      .where('state', '=', 'approving')
      .execute(),
  )
}
