import { formatCost } from '../../components/field-format.ts'
import type { RequestCost, RequestEvent } from '../../bridge/protocol.ts'
import { CLASS_WORD, HANDLER_WORD } from './route-words.ts'

export interface EventLine {
  seq: number
  at: string
  icon: string
  text: string
  detail: string | null
}

/** The story of a request: its text deltas told as one line, everything else as it happened. */
export function eventLines(events: RequestEvent[]): EventLine[] {
  const lines: EventLine[] = []
  let writing = false
  for (const event of events) {
    if (event.type === 'text.delta') {
      if (!writing) lines.push(lineOf(event, 'lucide-text', 'Began to answer'))
      writing = true
      continue
    }
    writing = false
    lines.push(describe(event))
  }
  return lines
}

function describe(event: Exclude<RequestEvent, { type: 'text.delta' }>): EventLine {
  switch (event.type) {
    case 'request.started':
      return lineOf(event, 'lucide-play', 'Started')
    case 'route.decided':
      return lineOf(
        event,
        'lucide-route',
        `${CLASS_WORD[event.route.class]}, ${HANDLER_WORD[event.route.handler].toLowerCase()}`,
        event.route.reason,
      )
    case 'tool.started':
      return lineOf(event, 'lucide-search', event.label, argumentsText(event.arguments))
    case 'tool.finished':
      return lineOf(event, event.ok ? 'lucide-check' : 'lucide-x', event.summary)
    case 'part.added':
      return lineOf(event, 'lucide-panels-top-left', `Showed: ${event.part.type.replace('_', ' ')}`)
    case 'operation_list.proposed':
      return lineOf(event, 'lucide-file-pen-line', `Proposed: ${event.operation_list.summary}`)
    case 'operation_list.changed':
      return lineOf(event, 'lucide-file-check-2', `Proposal is now ${event.operation_list.state}`)
    case 'usage.recorded':
      return lineOf(event, 'lucide-coins', costWords(event.cost))
    default:
      return describeEnd(event)
  }
}

function costWords({ model_calls, usd }: RequestCost): string {
  if (model_calls === 0) return 'Answered without a model: no cost'
  return `Cost so far: ${formatCost(usd)}`
}

type EndEvent = Extract<
  RequestEvent,
  { type: 'request.waiting' | 'request.completed' | 'request.failed' | 'request.cancelled' }
>

function describeEnd(event: EndEvent): EventLine {
  if (event.type === 'request.failed') {
    return lineOf(event, 'lucide-circle-alert', 'Failed', event.error.message)
  }
  if (event.type === 'request.cancelled') return lineOf(event, 'lucide-square', 'Stopped')
  if (event.type === 'request.completed') return lineOf(event, 'lucide-circle-check', 'Completed')
  const forApproval = event.state === 'waiting_for_approval'
  return lineOf(
    event,
    'lucide-hourglass',
    forApproval ? 'Waits for approval' : 'Waits for an answer',
  )
}

function lineOf(
  event: RequestEvent,
  icon: string,
  text: string,
  detail: string | null = null,
): EventLine {
  return { seq: event.seq, at: event.at, icon, text, detail }
}

function argumentsText(values: Record<string, unknown>): string | null {
  const text = JSON.stringify(values)
  return text === '{}' ? null : text
}
