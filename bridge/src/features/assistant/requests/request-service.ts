import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type {
  AssistantRequest,
  PageContext,
  RequestEvent,
} from '../../../shared/assistant-protocol.ts'
import { canonicalHash } from '../../../shared/canonical-json.ts'
import { StewardError } from '../../../shared/errors.ts'
import { takeMessageNumber } from '../conversations/conversation-store.ts'
import type { Actor } from '../ports.ts'
import type { EventHub } from './event-hub.ts'
import { appendStored, EventLog } from './event-log.ts'
import { runRequest, type RunDependencies } from './request-run.ts'
import {
  changeRequest,
  findRequest,
  findRequestByKey,
  insertAsk,
  type RequestRow,
} from './request-store.ts'
import { requestResource } from './request-resource.ts'
import type { RunningRequests } from './running-requests.ts'

export interface RequestDependencies extends RunDependencies {
  database: Database
  hub: EventHub
  running: RunningRequests
  /** Names this process among the replicas. */
  processId: string
  deadlineMs: number
}

export interface NewAsk {
  conversation_id: string
  text: string
  page: PageContext | null
  source: 'chat' | 'api'
  idempotency_key: string | null
}

/** A request that was taken in; `start` sets it going and must be called once. */
export interface Accepted {
  request: RequestRow
  message_id: string | null
  /** True when the idempotency key had been used: it is the earlier request. */
  repeated: boolean
  start(): void
}

/** Stores the message and its request durably; nothing is lost from here on. */
export async function acceptRequest(
  dependencies: RequestDependencies,
  actor: Actor,
  ask: NewAsk,
): Promise<Accepted> {
  dependencies.running.refuseWhenStopping()
  const bodyHash = canonicalHash({ ...ask, idempotency_key: null })
  const take = () =>
    dependencies.database.withTenant(actor, async (tx) => {
      const repeated = await earlier(tx, actor, ask.idempotency_key, bodyHash)
      return repeated ? { repeated } : store(tx, dependencies, actor, ask, bodyHash)
    })
  // Of two posts with one key at the same time the later one finds the earlier one's request.
  const taken = await take().catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error
    return take()
  })
  if ('repeated' in taken) {
    return { request: taken.repeated, message_id: null, repeated: true, start: () => undefined }
  }
  await finishAnswered(dependencies, actor, taken.waiting)
  return {
    request: taken.request,
    message_id: taken.message_id,
    repeated: false,
    start: () => start(dependencies, actor, ask, taken),
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

interface Stored {
  request: RequestRow
  message_id: string
  number: number
  started: RequestEvent
  /** Requests that were waiting for this very message. */
  waiting: string[]
}

async function earlier(
  tx: TenantTransaction,
  actor: Actor,
  key: string | null,
  bodyHash: string,
): Promise<RequestRow | null> {
  if (key === null) return null
  const known = await findRequestByKey(tx, actor, key)
  if (!known) return null
  if (known.body_hash === bodyHash) return known
  throw new StewardError(
    'idempotency_conflict',
    'This Idempotency-Key was used before with another message.',
  )
}

async function store(
  tx: TenantTransaction,
  dependencies: RequestDependencies,
  actor: Actor,
  ask: NewAsk,
  bodyHash: string,
): Promise<Stored> {
  const { ids, clock, processId } = dependencies
  const now = clock.now()
  const taken = await takeMessageNumber(tx, actor, {
    id: ask.conversation_id,
    title: titleOf(ask.text),
    now,
  })
  if (!taken) throw new StewardError('not_found', 'There is no such conversation.')
  const id = ids.next('request')
  const message_id = ids.next('message')
  const values = {
    id,
    conversation_id: ask.conversation_id,
    source: ask.source,
    text: ask.text,
    undoes: null,
    idempotency_key: ask.idempotency_key,
    body_hash: bodyHash,
    runner_id: processId,
    now,
  }
  const message = {
    id: message_id,
    conversation_id: ask.conversation_id,
    number: taken.number,
    role: 'person' as const,
    text: ask.text,
    request_id: id,
    parts: [],
    memory: null,
    created_at: now,
  }
  const started: RequestEvent = {
    seq: 1,
    at: now.toISOString(),
    type: 'request.started',
    request_id: id,
    conversation_id: ask.conversation_id,
    message_id,
  }
  const request = await insertAsk(tx, actor, values, message, started)
  return { request, message_id, ...taken, started }
}

function start(
  dependencies: RequestDependencies,
  actor: Actor,
  ask: NewAsk,
  { request, number, started }: Stored,
): void {
  const key = { ...tenantOf(actor), request_id: request.id }
  void dependencies.running.start(request.id, dependencies.deadlineMs, async (signal, abort) => {
    const log = new EventLog({
      key,
      runnerId: dependencies.processId,
      after: 1,
      dependencies,
      onLost: abort,
    })
    const leave = dependencies.hub.onStop(request.id, () =>
      abort(new StewardError('cancelled', 'The request was cancelled.')),
    )
    dependencies.hub.publish(request.id, started)
    try {
      await runRequest(dependencies, {
        actor,
        id: request.id,
        conversation_id: ask.conversation_id,
        text: ask.text,
        page: ask.page,
        number,
        log,
        signal,
      })
    } finally {
      leave()
    }
  })
}

/** The person's next message is the answer a waiting request asked for. */
async function finishAnswered(
  dependencies: RequestDependencies,
  actor: Actor,
  waiting: string[],
): Promise<void> {
  for (const request_id of waiting) {
    const finished_at = dependencies.clock.now()
    await appendStored(
      dependencies,
      { ...tenantOf(actor), request_id },
      [{ type: 'request.completed', message_id: null }],
      (tx) =>
        changeRequest(tx, request_id, { state: 'completed', finished_at }, ['waiting_for_person']),
    )
  }
}

export async function readRequest(
  dependencies: Pick<RequestDependencies, 'database'>,
  actor: Actor,
  id: string,
): Promise<AssistantRequest> {
  return dependencies.database.withTenant(actor, async (tx) => {
    const row = await findRequest(tx, actor, id)
    if (!row) throw new StewardError('not_found', 'There is no such request.')
    return (await requestResource(tx, [row]))[0] as AssistantRequest
  })
}

function tenantOf(actor: Actor): { site_id: string; team_id: string } {
  return { site_id: actor.site_id, team_id: actor.team_id }
}

const TITLE_LENGTH = 80

function titleOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1)}…` : line
}
