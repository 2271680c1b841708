import type { AssistantRequest, RouteDecision } from '../../bridge/protocol.ts'

export const HANDLER_WORD: Record<RouteDecision['handler'], string> = {
  local: 'Answered locally',
  small: 'Small model',
  large: 'Large model',
}

export const CLASS_WORD: Record<RouteDecision['class'], string> = {
  help: 'Help or small talk',
  lookup: 'Looking one thing up',
  list: 'A list',
  aggregate: 'Sums and reports',
  create: 'Creating something',
  update: 'Changing something',
  submit: 'Submitting or cancelling',
  file: 'Working with a file',
  insight: 'Forecast or insight',
  administration: 'Team or billing',
  out_of_scope: 'Not something for ERPNext',
  unclear: 'Unclear, asks back',
}

type Theme = 'gray' | 'blue' | 'green' | 'amber' | 'red'

export const REQUEST_STATE_LOOK: Record<
  AssistantRequest['state'],
  { label: string; theme: Theme }
> = {
  queued: { label: 'Queued', theme: 'gray' },
  running: { label: 'Working', theme: 'blue' },
  waiting_for_approval: { label: 'Waiting for approval', theme: 'amber' },
  waiting_for_person: { label: 'Waiting for an answer', theme: 'amber' },
  completed: { label: 'Done', theme: 'green' },
  failed: { label: 'Failed', theme: 'red' },
  cancelled: { label: 'Stopped', theme: 'gray' },
}

export const SOURCE_WORD: Record<AssistantRequest['source'], string> = {
  chat: 'Conversation',
  api: 'API',
  undo: 'Undo',
  file: 'File',
  automation: 'Automation',
}
