import type { Database } from '../../../platform/database/index.ts'
import type {
  AssistantRequest,
  PageContext,
  RequestEvent,
} from '../../../shared/assistant-protocol.ts'
import { canonicalHash } from '../../../shared/canonical-json.ts'
import { StewardError } from '../../../shared/errors.ts'
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
  type TakenAsk,
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
  const taken = await store(dependencies, actor, ask, bodyHash).catch(async (error: unknown) => {
    const repeated = isUniqueViolation(error)
      ? await earlier(dependencies.database, actor, ask.idempotency_key, bodyHash)
      : null
    if (!repeated) throw error
    return { repeated }
  })
  if ('repeated' in taken) {
    return { request: taken.repeated, message_id: null, repeated: true, start: () => undefined }
  }
  await finishAnswered(dependencies, actor, taken.request.waiting)
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
  request: TakenAsk
  message_id: string
  started: RequestEvent
}

/** The request that used this key before. */
async function earlier(
  database: Database,
  actor: Actor,
  key: string | null,
  bodyHash: string,
): Promise<RequestRow | null> {
  if (key === null) return null
  const known = await database.tenantStatement(actor, (tx) => findRequestByKey(tx, actor, key))
  if (!known || known.body_hash === bodyHash) return known ?? null
  throw new StewardError(
    'idempotency_conflict',
    'This Idempotency-Key was used before with another message.',
  )
}

async function store(
  { database, ids, clock, processId }: RequestDependencies,
  actor: Actor,
  ask: NewAsk,
  bodyHash: string,
): Promise<Stored> {
  const now = clock.now()
  const { conversation_id, source, text, idempotency_key } = ask
  const id = ids.next('request')
  const message_id = ids.next('message')
  const started: RequestEvent = {
    seq: 1,
    at: now.toISOString(),
    type: 'request.started',
    request_id: id,
    conversation_id,
    message_id,
  }
  const request = await database.tenantStatement(actor, (tx) =>
    insertAsk(tx, actor, {
      ...{ id, conversation_id, source, text, idempotency_key, message_id, started, now },
      title: titleOf(text),
      body_hash: bodyHash,
      runner_id: processId,
    }),
  )
  if (!request) throw new StewardError('not_found', 'There is no such conversation.')
  return { request, message_id, started }
}

function start(
  dependencies: RequestDependencies,
  actor: Actor,
  ask: NewAsk,
  { request, started }: Stored,
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
        number: request.number,
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
