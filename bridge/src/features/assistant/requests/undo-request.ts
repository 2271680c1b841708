import type { AssistantRequest } from '../../../shared/assistant-protocol.ts'
import { StewardError } from '../../../shared/errors.ts'
import {
  insertOperationList,
  listsOfRequests,
  type OperationListRow,
  type UndoTarget,
} from '../operations/operation-list-store.ts'
import { proposeUndo, undoTargetOf, type UndoProposal } from '../operations/undo-service.ts'
import type { Actor } from '../ports.ts'
import { appendStored, type NewEvent } from './event-log.ts'
import {
  changeRequest,
  findRequest,
  findRequestByKey,
  insertRequest,
  type RequestChange,
  type RequestRow,
} from './request-store.ts'
import { readRequest, type RequestDependencies } from './request-service.ts'

/**
 * Proposes to undo what a request applied: a request of its own whose card is approved like any
 * other. An undo that still waits is answered again instead of making a second one. Nothing is
 * reserved for it: a team over its limit can still take back.
 */
export async function undoRequest(
  dependencies: RequestDependencies,
  actor: Actor,
  id: string,
  idempotencyKey: string | null,
): Promise<AssistantRequest> {
  dependencies.running.refuseWhenStopping()
  const session = await dependencies.sites.asPerson(actor)
  const opened = await dependencies.database.withTenant(actor, (tx) =>
    openUndo(dependencies, actor, id, idempotencyKey, tx),
  )
  if (opened.target) {
    const { request, target } = opened
    await dependencies.running.start(request.id, dependencies.deadlineMs, async (signal) => {
      const made = { ids: dependencies.ids, clock: dependencies.clock, signal }
      const proposal = await proposeUndo(session, request.id, target, made).catch(
        (error: unknown) => failure(error, signal),
      )
      await storeProposal(dependencies, actor, request, proposal)
    })
  }
  return readRequest(dependencies, actor, opened.request.id)
}

type Transaction = Parameters<Parameters<RequestDependencies['database']['withTenant']>[1]>[0]

async function openUndo(
  dependencies: RequestDependencies,
  actor: Actor,
  id: string,
  key: string | null,
  tx: Transaction,
): Promise<{ request: RequestRow; target: UndoTarget | null }> {
  const original = await findRequest(tx, actor, id)
  if (!original) throw new StewardError('not_found', 'There is no such request.')
  const repeated = key === null ? undefined : await findRequestByKey(tx, actor, key)
  if (repeated && repeated.undoes !== id) {
    throw new StewardError('idempotency_conflict', 'This Idempotency-Key was used before.')
  }
  const known = repeated ?? (await waitingUndo(tx, id))
  if (known) return { request: known, target: null }
  const lists = await listsOfRequests(tx, [id])
  const target = undoTargetOf(id, lists, await undoneIds(tx, lists), dependencies.ids)
  const request = await insertRequest(tx, actor, {
    id: dependencies.ids.next('request'),
    conversation_id: original.conversation_id,
    source: 'undo',
    text: `Undo: ${original.text}`.slice(0, 500),
    undoes: id,
    idempotency_key: key,
    body_hash: null,
    runner_id: dependencies.processId,
    now: dependencies.clock.now(),
  })
  if (!request) throw new StewardError('conflict', 'The same undo is being prepared already.')
  return { request, target }
}

function waitingUndo(tx: Transaction, id: string): Promise<RequestRow | undefined> {
  return tx
    .selectFrom('request')
    .selectAll()
    .where('undoes', '=', id)
    .where('state', 'in', ['queued', 'running', 'waiting_for_approval'])
    .executeTakeFirst()
}

async function undoneIds(tx: Transaction, lists: OperationListRow[]): Promise<Set<string>> {
  const ids = lists.map((list) => list.id)
  if (ids.length === 0) return new Set()
  const rows = await tx
    .selectFrom('operation')
    .select('id')
    .where('operation_list_id', 'in', ids)
    .where('undone_by', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.id))
}

type Proposal = UndoProposal | { kind: 'failed'; error: { code: string; message: string } }

function failure(error: unknown, signal: AbortSignal): Proposal {
  const reason: unknown = signal.aborted ? signal.reason : error
  if (!(reason instanceof StewardError)) throw error
  return { kind: 'failed', error: { code: reason.code, message: reason.message } }
}

async function storeProposal(
  dependencies: RequestDependencies,
  actor: Actor,
  request: RequestRow,
  proposal: Proposal,
): Promise<void> {
  const events: NewEvent[] = [
    {
      type: 'request.started',
      request_id: request.id,
      conversation_id: request.conversation_id,
      message_id: null,
    },
    ...eventsOf(proposal),
  ]
  const key = { site_id: actor.site_id, team_id: actor.team_id, request_id: request.id }
  await appendStored(dependencies, key, events, async (tx) => {
    const change = changeOf(proposal, dependencies.clock.now())
    const moved = await changeRequest(tx, request.id, change, ['queued', 'running'])
    if (moved && proposal.kind === 'proposed') {
      await insertOperationList(tx, actor, proposal.list, proposal.target)
    }
    return moved
  })
}

function changeOf(proposal: Proposal, now: Date): RequestChange {
  if (proposal.kind === 'proposed') return { state: 'waiting_for_approval' }
  if (proposal.kind === 'nothing') return { state: 'completed', finished_at: now }
  if (proposal.kind === 'failed')
    return { state: 'failed', finished_at: now, error: proposal.error }
  const error = { code: 'site_refused', message: proposal.refusal.message }
  return { state: 'failed', finished_at: now, error }
}

function eventsOf(proposal: Proposal): NewEvent[] {
  if (proposal.kind === 'proposed') {
    return [
      { type: 'operation_list.proposed', operation_list: proposal.list },
      { type: 'request.waiting', state: 'waiting_for_approval' },
    ]
  }
  if (proposal.kind === 'failed') return [{ type: 'request.failed', error: proposal.error }]
  const notices = proposal.conflicts.map((conflict): NewEvent => ({
    type: 'part.added',
    part: {
      type: 'notice',
      level: 'warning',
      text: `${conflict.doctype} ${conflict.name ?? ''}: ${conflict.reason}`,
      code: 'undo_conflict',
    },
  }))
  if (proposal.kind === 'nothing') {
    return [...notices, { type: 'request.completed', message_id: null }]
  }
  const error = { code: 'site_refused', message: proposal.refusal.message }
  return [...notices, { type: 'request.failed', error }]
}
