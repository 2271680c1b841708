import { roleAtLeast } from '../../../http/index.ts'
import type { OperationList } from '../../../shared/assistant-protocol.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { Actor, SiteAccess, SiteSession } from '../ports.ts'
import {
  changeOperationList,
  findOperationList,
  operationListResource,
  type OperationListRow,
} from './operation-list-store.ts'
import { auditDecision } from './operation-audit.ts'
import { recordDecision, type DecisionDependencies } from './decision.ts'
import { PROPOSAL_LIFE_MS } from './expired-proposals.ts'
import { applyOnSite, rejectOnSite, type Settlement } from './site-operations.ts'

export interface ApprovalDependencies extends DecisionDependencies {
  sites: SiteAccess
  /** Waits between attempts, in milliseconds; as many attempts as there are waits, and one more. */
  retryWaits: number[]
  pause(ms: number): Promise<void>
}

/** Longest a process is trusted to be settling an approval without saying so again. */
export const SETTLING_LEASE_MS = 120_000
const NEXT_SETTLING_MS = 5_000

export interface ApprovalService {
  /** Applies the list if `hash` is what its card shows. Only a person's own session comes here. */
  approve(actor: Actor, id: string, hash: string): Promise<OperationList>
  reject(actor: Actor, id: string): Promise<OperationList>
  /** Rejects a card because `by` takes its place; one that was decided stays as it is. */
  supersede(actor: Actor, id: string, by: string): Promise<OperationList>
  /** Sends a list in `approving` again until ERPNext's answer is known, as far as it can be. */
  settle(list: OperationListRow, session: SiteSession, firstTime: boolean): Promise<Settlement>
}

export function createApprovalService(dependencies: ApprovalDependencies): ApprovalService {
  const settle = (list: OperationListRow, session: SiteSession, firstTime: boolean) =>
    settleList(dependencies, list, session, firstTime)
  return {
    approve: async (actor, id, hash) => {
      if (!roleAtLeast(actor.role, 'user')) {
        throw new StewardError('forbidden', 'Your role in this team may look, not approve.')
      }
      const session = await dependencies.sites.asPerson(actor)
      const begun = await beginApproval(dependencies, actor, id, hash)
      if (begun.state === 'applied') return operationListResource(begun)
      const settlement = await settle(begun, session, !begun.apply_sent)
      if (settlement.kind === 'unsent') throw settlement.error
      return operationListResource(await currentList(dependencies, actor, begun.id))
    },
    reject: (actor, id) => rejectList(dependencies, actor, id, null),
    supersede: async (actor, id, by) => {
      const list = await currentList(dependencies, actor, id)
      const isDecided = list.state === 'applied' || list.state === 'expired'
      return isDecided ? operationListResource(list) : rejectList(dependencies, actor, id, by)
    },
    settle,
  }
}

/** Proposed (or refused before) and the right hash: the approval is durable before anything is sent. */
async function beginApproval(
  dependencies: ApprovalDependencies,
  actor: Actor,
  id: string,
  hash: string,
): Promise<OperationListRow> {
  const now = dependencies.clock.now()
  const before = await dependencies.database.withTenant(actor, async (tx) => {
    const list = await findOperationList(tx, actor.person, id, 'lock')
    if (!list) throw new StewardError('not_found', 'There is no such proposal.')
    if (list.state === 'applied' && list.hash === hash) return list
    requireApprovable(list, hash, now)
    const approved = await changeOperationList(tx, list.id, ['proposed', 'refused'], {
      state: 'approving',
      apply_sent: true,
      settling_until: new Date(now.getTime() + SETTLING_LEASE_MS),
      decided_at: now,
      decided_by: actor.person,
    })
    if (approved) await auditDecision(tx, approved, now)
    return list
  })
  return before
}

function requireApprovable(list: OperationListRow, hash: string, now: Date): void {
  if (list.state !== 'proposed' && list.state !== 'refused') {
    throw new StewardError('already_decided', `This proposal is ${list.state} already.`, {
      details: { state: list.state },
    })
  }
  if (list.hash !== hash) {
    throw new StewardError(
      'hash_mismatch',
      'What would be saved has changed since this card was shown. Look at the new one first.',
      { details: { hash: list.hash } },
    )
  }
  if (list.proposed_at.getTime() + PROPOSAL_LIFE_MS < now.getTime()) {
    throw new StewardError('already_decided', 'This proposal is too old; ask again.', {
      details: { state: 'expired' },
    })
  }
}

async function settleList(
  dependencies: ApprovalDependencies,
  list: OperationListRow,
  session: SiteSession,
  firstTime: boolean,
): Promise<Settlement> {
  let settlement = await applyOnSite(session, list, undefined)
  let certainlyUnsent = firstTime && settlement.kind === 'unsent'
  for (const wait of dependencies.retryWaits) {
    if (settlement.kind === 'decided' || certainlyUnsent) break
    await dependencies.pause(wait)
    settlement = await applyOnSite(session, list, undefined)
    certainlyUnsent = false
  }
  if (settlement.kind === 'decided') await recordDecision(dependencies, list, settlement.change)
  else if (certainlyUnsent) await reopen(dependencies, list)
  else {
    settlement = { kind: 'unknown', error: settlement.error }
    await leaveOpen(dependencies, list)
  }
  return settlement
}

/** Nobody is settling it now: whoever comes next need not wait for the lease, only longer each time. */
async function leaveOpen(
  dependencies: ApprovalDependencies,
  list: OperationListRow,
): Promise<void> {
  const wait = Math.min(SETTLING_LEASE_MS, NEXT_SETTLING_MS * 2 ** Math.min(list.attempts, 10))
  const settling_until = new Date(dependencies.clock.now().getTime() + wait)
  await dependencies.database.withTenant(list, (tx) =>
    changeOperationList(tx, list.id, ['approving'], { state: 'approving', settling_until }),
  )
}

/** Nothing reached ERPNext: the card is as it was before the approval. */
async function reopen(dependencies: ApprovalDependencies, list: OperationListRow): Promise<void> {
  await recordDecision(dependencies, list, {
    state: 'proposed',
    apply_sent: false,
    settling_until: null,
    decided_at: null,
    decided_by: null,
  })
}

async function rejectList(
  dependencies: ApprovalDependencies,
  actor: Actor,
  id: string,
  superseded_by: string | null,
): Promise<OperationList> {
  const list = await currentList(dependencies, actor, id)
  if (list.state === 'rejected') return operationListResource(list)
  if (list.state === 'applied' || list.state === 'expired') {
    throw new StewardError('already_decided', `This proposal is ${list.state} already.`, {
      details: { state: list.state },
    })
  }
  const decided = { decided_at: dependencies.clock.now(), decided_by: actor.person }
  if (!list.apply_sent) {
    const unsent = await recordDecision(
      dependencies,
      list,
      { state: 'rejected', superseded_by, ...decided },
      false,
    )
    if (unsent) return operationListResource(await currentList(dependencies, actor, id))
  }
  const session = await dependencies.sites.asPerson(actor)
  const change = await rejectOnSite(session, list, superseded_by)
  await recordDecision(dependencies, list, { ...change, ...decided })
  return operationListResource(await currentList(dependencies, actor, id))
}

async function currentList(
  dependencies: ApprovalDependencies,
  actor: Actor,
  id: string,
): Promise<OperationListRow> {
  const list = await dependencies.database.withTenant(actor, (tx) =>
    findOperationList(tx, actor.person, id, 'read'),
  )
  if (!list) throw new StewardError('not_found', 'There is no such proposal.')
  return list
}
