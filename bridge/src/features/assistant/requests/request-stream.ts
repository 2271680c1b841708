import type { Database } from '../../../platform/database/index.ts'
import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import type { EventHub, StreamKey } from './event-hub.ts'
import { readEvents } from './event-store.ts'

export interface StreamDependencies {
  database: Database
  hub: EventHub
}

export interface StreamOptions {
  /** Number of the last event the reader has. */
  after: number
  /** `turn` also ends where the request waits for a person. */
  until: 'turn' | 'end'
  signal: AbortSignal
  /** True when nothing was stored before this reader came: the first read is left out. */
  fresh: boolean
}

const PAGE = 500
const GAP_RETRY_MS = 25
/** A live event may get lost on its way from another replica: a silent stream looks this often. */
const SILENT_MS = 2_000
const END = new Set(['request.completed', 'request.failed', 'request.cancelled'])

/**
 * The events of a request after `after`, in order and without gaps: first what is stored, then live.
 * Subscribing comes before reading, so nothing falls in between; what arrives out of order waits
 * until the store has what is missing.
 */
export async function* followRequest(
  dependencies: StreamDependencies,
  key: StreamKey,
  options: StreamOptions,
): AsyncGenerator<RequestEvent> {
  const inbox = new Inbox(options.signal)
  const leave = dependencies.hub.subscribe(key.request_id, (event) => inbox.put(event))
  let next = options.after + 1
  let behind = !options.fresh
  let over = false
  try {
    while (!options.signal.aborted) {
      const batch = behind
        ? await readAfter(dependencies, key, next - 1, options.until)
        : inbox.takeFrom(next)
      for (const event of batch.events) {
        yield event
        next = event.seq + 1
      }
      over ||= batch.ended || batch.events.some((event) => endsStream(event, options.until))
      if (over && !inbox.has(next)) return
      behind = await nextSource(inbox, next, behind && batch.events.length > 0)
    }
  } finally {
    leave()
  }
}

async function readAfter(
  { database }: StreamDependencies,
  key: StreamKey,
  after: number,
  until: StreamOptions['until'],
): Promise<Batch> {
  return database.withTenant(key, async (tx) => {
    const row = await tx
      .selectFrom('request')
      .select(['state', 'event_count'])
      .where('id', '=', key.request_id)
      .executeTakeFirst()
    const count = row?.event_count ?? 0
    const atRest = isAtRest(row?.state, until)
    // A reader may have seen events that a crash kept from being stored: it still gets the end.
    const start = atRest ? Math.min(after, Math.max(0, count - 1)) : after
    const events = await readEvents(tx, key.request_id, start, PAGE)
    return { events, ended: atRest && (events.at(-1)?.seq ?? start) >= count }
  })
}

interface Batch {
  events: RequestEvent[]
  ended: boolean
}

/** Waits until there is something to read; true when it has to come from the store. */
async function nextSource(inbox: Inbox, next: number, more: boolean): Promise<boolean> {
  if (more || inbox.has(next)) return !inbox.has(next)
  const silent = inbox.isEmptyFrom(next) && !(await inbox.arrival(SILENT_MS))
  if (silent || inbox.hasLateEnd(next)) return true
  if (inbox.has(next) || inbox.isEmptyFrom(next)) return false
  await inbox.arrival(GAP_RETRY_MS)
  return !inbox.has(next)
}

function endsStream(event: RequestEvent, until: 'turn' | 'end'): boolean {
  return END.has(event.type) || (until === 'turn' && event.type === 'request.waiting')
}

function isAtRest(state: string | undefined, until: 'turn' | 'end'): boolean {
  if (state === undefined || state === 'queued' || state === 'running') return state === undefined
  return until === 'turn' || !state.startsWith('waiting')
}

/** Events that arrived, by number; each is handed out once and in order. */
class Inbox {
  private readonly events = new Map<number, RequestEvent>()
  private wake: (() => void) | null = null
  private readonly signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.signal = signal
    signal.addEventListener('abort', () => this.wake?.(), { once: true })
  }

  put(event: RequestEvent): void {
    this.events.set(event.seq, event)
    this.wake?.()
  }

  has(seq: number): boolean {
    return this.events.has(seq)
  }

  /** An end below what was seen already: whoever wrote the rest died before storing it. */
  hasLateEnd(seq: number): boolean {
    return this.events.values().some((event) => event.seq < seq && END.has(event.type))
  }

  isEmptyFrom(seq: number): boolean {
    for (const known of this.events.keys()) {
      if (known >= seq) return false
      this.events.delete(known)
    }
    return true
  }

  takeFrom(seq: number): Batch {
    const events: RequestEvent[] = []
    for (let next = seq; ; next += 1) {
      const event = this.events.get(next)
      if (!event) return { events, ended: false }
      this.events.delete(next)
      events.push(event)
    }
  }

  /** True when an event arrives or the reader leaves, false when `timeoutMs` has passed. */
  async arrival(timeoutMs: number): Promise<boolean> {
    if (this.signal.aborted) return true
    const arrived = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
    this.wake = null
    return arrived
  }
}
