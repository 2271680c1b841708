import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { EventHub, StreamKey } from './event-hub.ts'
import { lockEventCount, storeEvents } from './event-store.ts'

type WithoutStamp<E> = E extends unknown ? Omit<E, 'seq' | 'at'> : never

/** An event before its number and time are given. */
export type NewEvent = WithoutStamp<RequestEvent>

export interface EventLogDependencies {
  database: Database
  hub: EventHub
  clock: Clock
}

/** Longest an event that was shown stays unstored, in milliseconds. */
const FLUSH_AFTER_MS = 25

/**
 * The one writer of a running request's events. `append` shows an event at once and stores it with
 * the next batch; `commit` stores first, together with what the event announces, and shows it then.
 */
export class EventLog {
  private readonly pending: RequestEvent[] = []
  private stored: number
  private last: number
  private writing: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | null = null
  /** Set while a commit is under way: later events wait for it, so that order is kept. */
  private held: RequestEvent[] | null = null
  private failure: Error | null = null
  private readonly key: StreamKey
  private readonly runnerId: string
  private readonly dependencies: EventLogDependencies
  private readonly onLost: (error: Error) => void

  constructor(options: {
    key: StreamKey
    runnerId: string
    after: number
    dependencies: EventLogDependencies
    /** Called once when storing fails or another process took the request over. */
    onLost: (error: Error) => void
  }) {
    this.key = options.key
    this.runnerId = options.runnerId
    this.stored = options.after
    this.last = options.after
    this.dependencies = options.dependencies
    this.onLost = options.onLost
  }

  append(event: NewEvent): void {
    const stamped = this.stamp(event)
    this.pending.push(stamped)
    this.show(stamped)
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS)
  }

  /** Stores what is pending, then `events` and the changes of `work` in one transaction. */
  async commit(events: NewEvent[], work?: (tx: TenantTransaction) => Promise<void>): Promise<void> {
    const stamped = events.map((event) => this.stamp(event))
    this.held ??= []
    this.pending.push(...stamped)
    this.held.push(...stamped)
    try {
      await this.write(work)
    } finally {
      this.release()
    }
    if (this.failure) throw this.failure
  }

  /** Stores everything shown so far. */
  async flush(): Promise<void> {
    await this.write()
  }

  private write(work?: (tx: TenantTransaction) => Promise<void>): Promise<void> {
    this.writing = this.writing
      .then(() => this.writeNow(work))
      .catch((error: unknown) => {
        this.fail(error instanceof Error ? error : new Error(String(error)))
      })
    return this.writing
  }

  private async writeNow(work?: (tx: TenantTransaction) => Promise<void>): Promise<void> {
    this.stopTimer()
    if (this.failure) return
    const batch = [...this.pending]
    if (batch.length === 0 && !work) return
    await this.dependencies.database.withTenant(this.key, async (tx) => {
      const stored = await storeEvents(tx, this.key, this.stored, batch, this.runnerId)
      if (!stored) throw new StewardError('conflict', 'Another process took this request over.')
      await work?.(tx)
    })
    this.pending.splice(0, batch.length)
    this.stored = batch.at(-1)?.seq ?? this.stored
  }

  private stamp(event: NewEvent): RequestEvent {
    this.last += 1
    return { seq: this.last, at: this.dependencies.clock.now().toISOString(), ...event }
  }

  private show(event: RequestEvent): void {
    if (this.held) this.held.push(event)
    else this.dependencies.hub.publish(this.key.request_id, event)
  }

  private release(): void {
    const held = this.held ?? []
    this.held = null
    if (this.failure) return
    for (const event of held) this.dependencies.hub.publish(this.key.request_id, event)
  }

  private fail(error: Error): void {
    if (this.failure) return
    this.failure = error
    this.onLost(error)
  }

  private stopTimer(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }
}

/**
 * Adds events to a request nobody is running, together with the changes of `work`; whoever comes
 * first writes first. `work` may answer false: then nothing is changed and nothing is added.
 */
export async function appendStored(
  dependencies: EventLogDependencies,
  key: StreamKey,
  events: NewEvent[] | (() => NewEvent[]),
  work: (tx: TenantTransaction) => Promise<boolean>,
): Promise<boolean> {
  const at = dependencies.clock.now().toISOString()
  const stamped = await dependencies.database.withTenant(key, async (tx) => {
    const count = await lockEventCount(tx, key.request_id)
    if (count === undefined || !(await work(tx))) return null
    const list = typeof events === 'function' ? events() : events
    const numbered = list.map((event, index) => ({ seq: count + index + 1, at, ...event }))
    await storeEvents(tx, key, count, numbered, null)
    return numbered
  })
  for (const event of stamped ?? []) dependencies.hub.publish(key.request_id, event)
  return stamped !== null
}
