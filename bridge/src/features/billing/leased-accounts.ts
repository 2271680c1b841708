import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { idleElsewhere, reclaimLeases, topUpLease, trimLease } from './lease-store.ts'
import { LeasedAccount, type LeaseTerms } from './leased-account.ts'
import { keyText } from './quota-accounts.ts'
import type { AccountKey, Amounts } from './quota-store.ts'

export interface LeaseOptions extends LeaseTerms {
  /** Names this process; a new one each start. */
  owner: string
  /** Most that is leased at once. */
  block: Amounts
}

interface LeasePorts {
  database: Database
  clock: Clock
  ids: Ids
}

/** The accounts this process has leases on. */
export class LeasedAccounts {
  readonly #ports: LeasePorts
  readonly #options: LeaseOptions
  readonly #leased = new Map<string, LeasedAccount>()

  constructor(ports: LeasePorts, options: LeaseOptions) {
    this.#ports = ports
    this.#options = options
  }

  of(key: AccountKey): LeasedAccount {
    const name = keyText(key)
    const known = this.#leased.get(name)
    if (known) return known
    const account = new LeasedAccount(
      key,
      (leaseId, of, need, expiresAt) => this.#topUp(leaseId, of, need, expiresAt),
      () => this.#ports.ids.next('lease'),
      this.#options,
    )
    this.#leased.set(name, account)
    return account
  }

  /** What of an account this process holds and has promised to no call. */
  freeOf(key: AccountKey): Amounts {
    return this.#leased.get(keyText(key))?.free ?? { requests: 0n, nano_usd: 0n }
  }

  /** What other processes hold of it and have promised to no call. */
  idleElsewhere(key: AccountKey): Promise<Amounts> {
    return this.#ports.database.systemStatement('look for idle quota', (tx) =>
      idleElsewhere(tx, key, this.#options.owner, this.#ports.clock.now()),
    )
  }

  /** Returns what was idle so long, and forgets accounts whose leases ran out. */
  async returnIdle(now: number, idleMs: number): Promise<void> {
    for (const [name, account] of this.#leased) {
      const returned = await this.#returnFree(account, now, idleMs)
      if (!returned && account.ended(now)) this.#leased.delete(name)
    }
  }

  /** Returns what this process holds of an account and has promised to no call. */
  async returnOf(key: AccountKey, now: number): Promise<void> {
    const account = this.#leased.get(keyText(key))
    if (account) await this.#returnFree(account, now, 0)
  }

  /** Takes back the leases of processes that are gone. */
  async reclaimExpired(): Promise<void> {
    const before = this.#ports.clock.now().getTime() - this.#options.clock_margin_ms
    await this.#ports.database.withSystem('take back expired leases', (tx) =>
      reclaimLeases(tx, new Date(before)),
    )
  }

  /** Returns what an account that was idle so long holds; false when there is nothing. */
  async #returnFree(account: LeasedAccount, now: number, idleMs: number): Promise<boolean> {
    const leaseId = account.lease_id
    const free = account.takeIdle(now, idleMs)
    if (!free) return false
    try {
      await this.#ports.database.withSystem('return unused quota', (tx) =>
        trimLease(tx, leaseId, free),
      )
      return true
    } catch (error) {
      // Whether it was returned is not known: a lease no longer renewed gives it back in any case.
      account.forget(leaseId)
      throw error
    }
  }

  #topUp(
    leaseId: string,
    key: AccountKey,
    need: Amounts,
    expiresAt: number,
  ): Promise<Amounts | null | 'closed'> {
    const now = this.#ports.clock.now()
    return this.#ports.database.withSystem('lease quota', (tx) =>
      topUpLease(tx, {
        id: leaseId,
        key,
        owner: this.#options.owner,
        epoch: BigInt(now.getTime()),
        need,
        block: this.#options.block,
        now,
        expires_at: new Date(expiresAt),
      }),
    )
  }
}
