import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import type { Fanout } from '../../../platform/cache/index.ts'

/** Which request an event stream belongs to. */
export interface StreamKey {
  site_id: string
  team_id: string
  request_id: string
}

type Listener = (event: RequestEvent) => void

/**
 * Live events of requests. Listeners in this process hear an event in the same turn of the event
 * loop; other replicas through the fan-out. May repeat or miss events: readers order them by `seq`
 * and fill gaps from the store.
 */
export interface EventHub {
  publish(requestId: string, event: RequestEvent): void
  subscribe(requestId: string, listener: Listener): () => void
  /** Asks whichever replica runs the request to stop it. */
  requestStop(requestId: string): void
  onStop(requestId: string, listener: () => void): () => void
}

export function createEventHub(fanout: Fanout, processId: string): EventHub {
  const local = new Map<string, Set<Listener>>()
  const publish = (requestId: string, event: RequestEvent): void => {
    for (const listener of local.get(requestId) ?? []) listener(event)
    fanout.publish(channelOf(requestId), JSON.stringify({ from: processId, event }))
  }
  return {
    publish,
    subscribe: (requestId, listener) => {
      addListener(local, requestId, listener)
      const leave = fanout.subscribe(channelOf(requestId), (message) => {
        const { from, event } = JSON.parse(message) as { from: string; event: RequestEvent }
        if (from !== processId) listener(event)
      })
      return () => {
        leave()
        removeListener(local, requestId, listener)
      }
    },
    requestStop: (requestId) => fanout.publish(stopChannelOf(requestId), '{}'),
    onStop: (requestId, listener) => fanout.subscribe(stopChannelOf(requestId), listener),
  }
}

const channelOf = (requestId: string): string => `request-events:${requestId}`
const stopChannelOf = (requestId: string): string => `request-stop:${requestId}`

function addListener(local: Map<string, Set<Listener>>, id: string, listener: Listener): void {
  const listeners = local.get(id) ?? new Set()
  listeners.add(listener)
  local.set(id, listeners)
}

function removeListener(local: Map<string, Set<Listener>>, id: string, listener: Listener): void {
  const listeners = local.get(id)
  listeners?.delete(listener)
  if (listeners?.size === 0) local.delete(id)
}
