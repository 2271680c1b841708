import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { endSession, readSession, type SessionRow } from './session-store.ts'

interface Remembered {
  row: SessionRow
  until: number
}

/** A session read from the database serves this long, so that one ended elsewhere stops soon. */
export const REMEMBER_MS = 2_000
const MOST_REMEMBERED = 5_000

/** Sessions as the database has them, remembered for a moment. */
export class OpenSessions {
  readonly #database: Database
  readonly #clock: Clock
  readonly #remembered = new Map<string, Remembered>()

  constructor(ports: { database: Database; clock: Clock }) {
    this.#database = ports.database
    this.#clock = ports.clock
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
    await this.#database.systemStatement('end a session', (tx) =>
      endSession(tx, id, reason, this.#clock.now()),
    )
    this.forget(id)
  }

  /** What is remembered of it is no longer true. */
  forget(id: string): void {
    this.#remembered.delete(id)
  }
}
