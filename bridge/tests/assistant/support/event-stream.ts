import type { RequestEvent } from '../../../src/shared/assistant-protocol.ts'
import type { Caller } from './assistant-bench.ts'

/** Asks in a conversation and reads the stream to its end. */
export async function ask(
  caller: Caller,
  conversationId: string,
  text: string,
  headers: Record<string, string> = {},
): Promise<RequestEvent[]> {
  const answer = await caller.fetch(`/conversations/${conversationId}/messages`, {
    method: 'POST',
    body: JSON.stringify({ text }),
    headers: { accept: 'text/event-stream', ...headers },
  })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  const events: RequestEvent[] = []
  for await (const event of eventsOf(answer)) events.push(event)
  return events
}

/** The events of a stream as they arrive. */
export async function* eventsOf(answer: Response): AsyncGenerator<RequestEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of answer.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    for (;;) {
      const end = rest.indexOf('\n\n')
      if (end < 0) break
      const data = /^data: (.*)$/m.exec(rest.slice(0, end))?.[1]
      rest = rest.slice(end + 2)
      if (data) yield JSON.parse(data) as RequestEvent
    }
  }
}

export function textOf(events: RequestEvent[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
}

export function requestIdOf(events: RequestEvent[]): string {
  const started = events.find((event) => event.type === 'request.started')
  if (started?.type !== 'request.started') throw new Error('The request never started.')
  return started.request_id
}
