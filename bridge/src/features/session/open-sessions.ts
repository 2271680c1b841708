import type { Fanout } from '../../platform/cache/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { endSession, readSession, type SessionRow } from './session-store.ts'

interface Remembered {
  row: SessionRow
  until: number
}

/** A session read from the database serves this long, should the word of its end get lost. */
export const REMEMBER_MS = 2_000
const MOST_REMEMBERED = 5_000
const CHANGED = 'session-changed'

/** Sessions as the database has them, remembered for a moment; a change is told to all replicas. */
export class OpenSessions {
  readonly #database: Database
  readonly #clock: Clock
  readonly #fanout: Fanout
  readonly #remembered = new Map<string, Remembered>()
  readonly #listeners = new Set<(id: string) => void>()

  constructor(ports: { database: Database; clock: Clock; fanout: Fanout }) {
    this.#database = ports.database
    this.#clock = ports.clock
    this.#fanout = ports.fanout
    this.#fanout.subscribe(CHANGED, (id) => this.#drop(id))
  }

  /** Called with each session that was ended or renewed, here or on another replica. */
  onChange(listener: (id: string) => void): void {
    this.#listeners.add(listener)
  }

  /** The session as it was at most two seconds ago; null when there is none. */
  async recent(id: string): Promise<SessionRow | null> {
    const known = this.#remembered.get(id)
    return known && known.until > this.#clock.monotonic() ? known.row : this.current(id)
  }

  async current(id: string): Promise<SessionRow | null> {
    const row = await this.#database.systemStatement('read a session', (tx) => readSession(tx, id))
    if (!row) return null
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(id, { row, until: this.#clock.monotonic() + REMEMBER_MS })
    return row
  }

  async end(id: string, reason: NonNullable<SessionRow['ended_reason']>): Promise<void> {
    await this.#database.withSystem('end a session', (tx) =>
      endSession(tx, id, reason, this.#clock.now()),
    )
    this.forget(id)
  }

  /** What is remembered of it, on any replica, is no longer true. */
  forget(id: string): void {
    this.#drop(id)
    this.#fanout.publish(CHANGED, id)
  }

  #drop(id: string): void {
    this.#remembered.delete(id)
    for (const listener of this.#listeners) listener(id)
  }
}
