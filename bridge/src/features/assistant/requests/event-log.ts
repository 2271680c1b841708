import type { Database, TenantTransaction } from '../../../platform/database/index.ts'
import type { RequestEvent } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { EventHub, StreamKey } from './event-hub.ts'
import { lockEventCount, storeEvents, type TurnRecord } from './event-store.ts'

type WithoutStamp<E> = E extends unknown ? Omit<E, 'seq' | 'at'> : never

/** An event before its number and time are given. */
export type NewEvent = WithoutStamp<RequestEvent>

export interface EventLogDependencies {
  database: Database
  hub: EventHub
  clock: Clock
}

type Work = (tx: TenantTransaction) => Promise<void>

/** Longest a word that was shown stays unstored, in milliseconds. */
const WORDS_AFTER_MS = 25
/** The same for what only says how far the work is. */
const PROGRESS_AFTER_MS = 250

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
  /** When the timer strikes. */
  private dueAt = 0
  private messageNumber: number | null = null
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
    this.storeWithin(isShown(event) ? WORDS_AFTER_MS : PROGRESS_AFTER_MS)
  }

  /**
   * Stores what is pending and `events` together with the end of the turn, and with the changes of
   * `work` in the same transaction. Answers the number of the turn's message.
   */
  async commit(events: NewEvent[], turn: TurnRecord, work?: Work): Promise<number | null> {
    const stamped = events.map((event) => this.stamp(event))
    this.held ??= []
    this.pending.push(...stamped)
    this.held.push(...stamped)
    try {
      await this.write(turn, work)
    } finally {
      this.release()
    }
    if (this.failure) throw this.failure
    return this.messageNumber
  }

  /** Stores everything shown so far. */
  async flush(): Promise<void> {
    await this.write()
  }

  private write(turn?: TurnRecord, work?: Work): Promise<void> {
    this.writing = this.writing
      .then(() => this.writeNow(turn, work))
      .catch((error: unknown) => {
        this.fail(error instanceof Error ? error : new Error(String(error)))
      })
    return this.writing
  }

  private async writeNow(turn?: TurnRecord, work?: Work): Promise<void> {
    this.stopTimer()
    if (this.failure) return
    const batch = [...this.pending]
    if (batch.length === 0 && !turn) return
    const store = async (tx: TenantTransaction): Promise<void> => {
      const stored = await storeEvents(tx, this.key, this.stored, batch, this.runnerId, turn)
      if (!stored) throw new StewardError('conflict', 'Another process took this request over.')
      this.messageNumber = stored.message_number
      await work?.(tx)
    }
    const { database } = this.dependencies
    await (work ? database.withTenant(this.key, store) : database.tenantStatement(this.key, store))
    this.pending.splice(0, batch.length)
    this.stored = batch.at(-1)?.seq ?? this.stored
  }

  private storeWithin(milliseconds: number): void {
    const due = performance.now() + milliseconds
    if (this.timer && due >= this.dueAt) return
    this.stopTimer()
    this.dueAt = due
    this.timer = setTimeout(() => void this.flush(), milliseconds)
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

/** True when a person read or saw something of the answer. */
function isShown(event: NewEvent): boolean {
  return event.type === 'text.delta' || event.type === 'part.added'
}
