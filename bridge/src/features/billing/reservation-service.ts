import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import type { QuotaAccounts, Spender } from './quota-accounts.ts'
import {
  endReservation,
  expiredReservations,
  holdReservation,
  type Amounts,
} from './quota-store.ts'

/** Quota held before it is spent, one at a time; what many calls a second need is a lease. */
export interface Reservations {
  /** Holds the amounts or throws `quota_exceeded` / `budget_exceeded`. Answers the reservation's id. */
  reserve(spender: Spender, purpose: string, amounts: Amounts): Promise<string>
  /** Counts the real amounts (default: those reserved). A repeat changes nothing. */
  confirm(spender: Spender, id: string, used?: Amounts): Promise<void>
  /** Gives everything back. A repeat changes nothing. */
  release(spender: Spender, id: string): Promise<void>
  /** Ends what nobody ended in time; it counts as used: the work may have been done. */
  expire(): Promise<number>
}

/** Longer than any request may take. */
const HOLD_MS = 15 * 60_000

export interface ReservationPorts {
  database: Database
  accounts: QuotaAccounts
  clock: Clock
  ids: Ids
}

export function createReservations(ports: ReservationPorts): Reservations {
  const { database, accounts, clock, ids } = ports
  return {
    reserve: async (spender, purpose, amounts) => {
      const now = clock.now()
      const held = await accounts.of(spender, now)
      const id = ids.next('reservation')
      const done = await database.withTenant(spender, (tx) =>
        holdReservation(tx, {
          id,
          key: { ...held.team, person: spender.person },
          accounts: held.person ? ['', spender.person] : [''],
          purpose,
          ...amounts,
          created_at: now,
          expires_at: new Date(now.getTime() + HOLD_MS),
        }),
      )
      if (!done) throw await accounts.refusal(held, amounts)
      return id
    },
    confirm: async (spender, id, used) => {
      await database.withTenant(spender, (tx) =>
        endReservation(tx, id, 'confirmed', used ?? 'as_reserved'),
      )
    },
    release: async (spender, id) => {
      await database.withTenant(spender, (tx) => endReservation(tx, id, 'released', 'nothing'))
    },
    expire: () =>
      database.withSystem('expire reservations', async (tx) => {
        const ids = await expiredReservations(tx, clock.now())
        for (const id of ids) await endReservation(tx, id, 'expired', 'as_reserved')
        return ids.length
      }),
  }
}
