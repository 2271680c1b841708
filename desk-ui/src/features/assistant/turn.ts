import type {
  Message,
  MessagePart,
  OperationList,
  RequestCost,
  RequestEvent,
  RequestState,
  RouteDecision,
} from '../../bridge/protocol.ts'

/** A step of the work the person can look at: one tool call. */
export interface TurnStep {
  call_id: string
  label: string
  ok: boolean | null
  summary: string | null
}

/** One thing a person asked and everything that came of it, as the thread shows it. */
export interface Turn {
  key: string
  request_id: string | null
  asked: string | null
  asked_at: string
  answer: string
  parts: MessagePart[]
  steps: TurnStep[]
  route: RouteDecision | null
  cost: RequestCost | null
  state: RequestState
  error: { code: string; message: string } | null
  /** Number of the last event seen; where to go on after a lost connection. */
  seq: number
  /** The connection to the bridge was lost and is being made again. */
  reconnecting: boolean
}

export function newTurn(key: string, asked: string | null, at: string): Turn {
  return {
    key,
    request_id: null,
    asked,
    asked_at: at,
    answer: '',
    parts: [],
    steps: [],
    route: null,
    cost: null,
    state: 'queued',
    error: null,
    seq: 0,
    reconnecting: false,
  }
}

export function isWorking(turn: Turn): boolean {
  return turn.state === 'queued' || turn.state === 'running'
}

/** Stored messages as turns: a person's message and the assistant's of the same request are one. */
export function turnsOf(messages: Message[]): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const open = turns.findLast(
      (turn) => turn.request_id !== null && turn.request_id === message.request_id,
    )
    if (message.role === 'assistant' && open) {
      addAnswer(open, message)
      continue
    }
    const turn = newTurn(
      message.id,
      message.role === 'person' ? message.text : null,
      message.created_at,
    )
    turn.request_id = message.request_id
    turn.state = 'completed'
    if (message.role === 'assistant') addAnswer(turn, message)
    turns.push(turn)
  }
  return turns
}

function addAnswer(turn: Turn, message: Message): void {
  turn.answer = turn.answer === '' ? message.text : `${turn.answer}\n\n${message.text}`
  turn.parts.push(...message.parts)
}

/**
 * Takes one event into the turn; an event that was seen before changes nothing. Only an end counts
 * whatever its number: when the bridge died, words that were shown may not have been stored.
 */
export function applyEvent(
  turn: Turn,
  event: RequestEvent,
  keepList: (list: OperationList) => void,
): void {
  if (event.seq <= turn.seq && !(ENDS.has(event.type) && isWorking(turn))) return
  turn.seq = Math.max(turn.seq, event.seq)
  switch (event.type) {
    case 'request.started':
      turn.request_id = event.request_id
      turn.state = 'running'
      break
    case 'route.decided':
      turn.route = event.route
      break
    case 'text.delta':
      turn.answer += event.text
      break
    case 'tool.started':
      turn.steps.push({ call_id: event.call_id, label: event.label, ok: null, summary: null })
      break
    case 'tool.finished':
      finishStep(turn, event)
      break
    case 'part.added':
      addPart(turn, event.part)
      break
    case 'operation_list.proposed':
      keepList(event.operation_list)
      addPart(turn, { type: 'operation_list', operation_list_id: event.operation_list.id })
      break
    case 'operation_list.changed':
      keepList(event.operation_list)
      break
    case 'usage.recorded':
      turn.cost = event.cost
      break
    default:
      applyEnd(turn, event)
  }
}

const ENDS = new Set(['request.completed', 'request.failed', 'request.cancelled'])

type EndEvent = Extract<
  RequestEvent,
  { type: 'request.waiting' | 'request.completed' | 'request.failed' | 'request.cancelled' }
>

function applyEnd(turn: Turn, event: EndEvent): void {
  if (event.type === 'request.waiting') turn.state = event.state
  if (event.type === 'request.completed') turn.state = 'completed'
  if (event.type === 'request.cancelled') turn.state = 'cancelled'
  if (event.type === 'request.failed') {
    turn.state = 'failed'
    turn.error = event.error
  }
}

function finishStep(turn: Turn, event: Extract<RequestEvent, { type: 'tool.finished' }>): void {
  const step = turn.steps.find((candidate) => candidate.call_id === event.call_id)
  if (!step) return
  step.ok = event.ok
  step.summary = event.summary
}

/** A card is announced by its own event and may be announced as a part too; it is shown once. */
function addPart(turn: Turn, part: MessagePart): void {
  const shown =
    part.type === 'operation_list' &&
    turn.parts.some(
      (known) =>
        known.type === 'operation_list' && known.operation_list_id === part.operation_list_id,
    )
  if (!shown) turn.parts.push(part)
}
