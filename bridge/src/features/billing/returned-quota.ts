import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { roomIfReturned } from './lease-store.ts'
import type { LeasedAccount } from './leased-account.ts'
import type { Amounts } from './quota-store.ts'

const POLL_MS = 100
const VAIN_MS = 30_000

/**
 * Near the limit other replicas may hold the rest and use it no more. They give it back within a
 * second or two, so a call waits for it instead of being refused.
 */
export class ReturnedQuota {
  readonly #database: Database
  readonly #clock: Clock
  readonly #longestMs: number
  /** Accounts whose idle quota did not come back, and until when nobody waits for it again. */
  readonly #waitedInVain = new WeakMap<LeasedAccount, number>()

  constructor(database: Database, clock: Clock, longestMs: number) {
    this.#database = database
    this.#clock = clock
    this.#longestMs = longestMs
  }

  /** The lease the amounts were taken from; null when nothing comes back. */
  async take(
    account: LeasedAccount,
    amounts: Amounts,
    longestCallMs: number,
  ): Promise<string | null> {
    const began = this.#clock.now().getTime()
    if (began < (this.#waitedInVain.get(account) ?? 0)) return null
    for (let waited = 0; waited < this.#longestMs; waited += POLL_MS) {
      if (!(await this.#mayComeBack(account, amounts))) return null
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      const now = this.#clock.now().getTime()
      const leaseId = await account.take(amounts, now, now + longestCallMs)
      if (leaseId !== null) return leaseId
    }
    // Whoever holds it is gone: the lease's end will bring it back, not patience.
    this.#waitedInVain.set(account, began + VAIN_MS)
    return null
  }

  #mayComeBack({ key, free, lease_id }: LeasedAccount, amounts: Amounts): Promise<boolean> {
    const need = {
      requests: amounts.requests - free.requests,
      nano_usd: amounts.nano_usd - free.nano_usd,
    }
    const now = this.#clock.now()
    return this.#database.withSystem('see what other replicas hold', (tx) =>
      roomIfReturned(tx, { lease_id, key, need, now }),
    )
  }
}
