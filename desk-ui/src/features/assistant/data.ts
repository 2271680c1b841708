import { callBridge, idempotencyHeader, openBridge } from '../../bridge/client.ts'
import { readFrames } from '../../bridge/event-stream.ts'
import type {
  AnswerTable,
  AssistantRequest,
  Conversation,
  Message,
  OperationList,
  PageContext,
  RequestEvent,
} from '../../bridge/protocol.ts'

export interface Page<T> {
  data: T[]
  next_cursor: string | null
}

const STREAM = { accept: 'text/event-stream' }

// ---------------------------------------------------------------- conversations

export function listConversations(cursor: string | null = null): Promise<Page<Conversation>> {
  return callBridge('/conversations', { query: { cursor, limit: 40 } })
}

export function createConversation(context: PageContext | null): Promise<Conversation> {
  return callBridge('/conversations', {
    method: 'POST',
    body: { context },
    headers: idempotencyHeader(),
  })
}

export function listMessages(conversationId: string): Promise<Page<Message>> {
  return callBridge(`/conversations/${conversationId}/messages`, { query: { limit: 200 } })
}

/** A conversation as it was read, with the tag that says so to whoever changes it. */
export interface SeenConversation {
  conversation: Conversation
  etag: string
}

export async function readConversation(id: string): Promise<SeenConversation> {
  const response = await openBridge(`/conversations/${id}`)
  const conversation = (await response.json()) as Conversation
  return { conversation, etag: response.headers.get('etag') ?? '*' }
}

export function renameConversation(seen: SeenConversation, title: string): Promise<Conversation> {
  const headers = { 'if-match': seen.etag }
  return callBridge(pathOf(seen), { method: 'PATCH', body: { title }, headers })
}

export function deleteConversation(seen: SeenConversation): Promise<void> {
  return callBridge(pathOf(seen), { method: 'DELETE', headers: { 'if-match': seen.etag } })
}

function pathOf({ conversation }: SeenConversation): string {
  return `/conversations/${conversation.id}`
}

// ---------------------------------------------------------------- one request

export interface Ask {
  text: string
  page: PageContext | null
  /** Stays the same when the same message is sent again after a failure. */
  idempotencyKey: string
}

/** Sends a message and yields the events of its request as they happen. */
export async function* ask(
  conversationId: string,
  { text, page, idempotencyKey }: Ask,
  signal: AbortSignal,
): AsyncGenerator<RequestEvent> {
  const response = await openBridge(`/conversations/${conversationId}/messages`, {
    method: 'POST',
    body: { text, context: page },
    headers: { ...STREAM, 'idempotency-key': idempotencyKey },
    signal,
  })
  yield* eventsOf(response)
}

/** The events of a request after `seq`; used to go on after a lost connection. */
export async function* followRequest(
  requestId: string,
  seq: number,
  signal: AbortSignal,
): AsyncGenerator<RequestEvent> {
  const response = await openBridge(`/requests/${requestId}/events`, {
    headers: { ...STREAM, 'last-event-id': `${seq}` },
    signal,
  })
  yield* eventsOf(response)
}

async function* eventsOf(response: Response): AsyncGenerator<RequestEvent> {
  if (!response.body) return
  for await (const frame of readFrames(response.body)) {
    if (frame.event !== 'ping') yield JSON.parse(frame.data) as RequestEvent
  }
}

export function cancelRequest(requestId: string): Promise<void> {
  return callBridge(`/requests/${requestId}/cancel`, { method: 'POST' })
}

export function fetchRequest(requestId: string): Promise<AssistantRequest> {
  return callBridge(`/requests/${requestId}`)
}

export function listRequests(filter: {
  state: string
  cursor: string | null
}): Promise<Page<AssistantRequest>> {
  return callBridge('/requests', { query: { ...filter, limit: 30 } })
}

/** Everything that happened in a request that is over, in order. */
export async function fetchRequestEvents(requestId: string): Promise<RequestEvent[]> {
  const { data } = await callBridge<{ data: RequestEvent[] }>(`/requests/${requestId}/events`)
  return data
}

/** One call to a provider, as the ledger has it. */
export interface ModelCall {
  id: string
  purpose: string
  provider: string
  model: string
  tier: string
  /** `finished`, or the kind of failure that another call made up for. */
  outcome: string
  finish_reason: string | null
  input_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  output_tokens: number
  reasoning_tokens: number
  usage_source: string
  cost_usd: number
  first_token_ms: number | null
  total_ms: number
}

export async function fetchModelCalls(requestId: string): Promise<ModelCall[]> {
  const { data } = await callBridge<{ data: ModelCall[] }>(`/requests/${requestId}/model-calls`)
  return data
}

// ---------------------------------------------------------------- operations

/** `hash` is that of the preview the person saw; any operation of the card names the whole card. */
export function approveOperations(list: OperationList): Promise<OperationList> {
  return callBridge(`/operations/${operationIdOf(list)}/approve`, {
    method: 'POST',
    body: { hash: list.hash },
    headers: idempotencyHeader(),
  })
}

export function rejectOperations(list: OperationList): Promise<OperationList> {
  return callBridge(`/operations/${operationIdOf(list)}/reject`, {
    method: 'POST',
    body: {},
    headers: idempotencyHeader(),
  })
}

/** The request that would undo another, with its card; nothing is undone before that is approved. */
export function proposeUndo(requestId: string): Promise<AssistantRequest> {
  return callBridge(`/requests/${requestId}/undo`, { method: 'POST', headers: idempotencyHeader() })
}

function operationIdOf(list: OperationList): string {
  return list.operations[0]?.operation_id ?? list.previews[0]?.operation_id ?? list.id
}

// ---------------------------------------------------------------- tables and routes

/** The next rows of a capped table. */
export function readOn(handle: string): Promise<AnswerTable> {
  return callBridge(`/tables/${encodeURIComponent(handle)}`)
}

/** Tells the router that it chose wrongly; the team's thresholds learn from it. */
export function correctRoute(requestId: string, correctClass: string): Promise<void> {
  return callBridge(`/requests/${requestId}/route-correction`, {
    method: 'POST',
    body: { class: correctClass },
  })
}
