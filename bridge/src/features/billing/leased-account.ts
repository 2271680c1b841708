import type { AccountKey, Amounts } from './quota-store.ts'

/** What asking the database for more quota came to. */
export type TopUp = (
  leaseId: string,
  key: AccountKey,
  need: Amounts,
  expiresAt: number,
) => Promise<Amounts | null | 'closed'>

export interface LeaseTerms {
  /** How long a lease lives without being renewed, in milliseconds. */
  term_ms: number
  /** How far the clocks of replica and database may be apart, in milliseconds. */
  clock_margin_ms: number
}

/** One replica's share of one account, spent in memory. */
export class LeasedAccount {
  readonly key: AccountKey
  readonly #topUp: TopUp
  readonly #newId: () => string
  readonly #terms: LeaseTerms
  lease_id: string
  #free: Amounts = { requests: 0n, nano_usd: 0n }
  #expiresAt = 0
  #used_at = 0
  /** Takes that wait for the database. */
  #waiting = 0
  #asking: Promise<unknown> = Promise.resolve()

  constructor(key: AccountKey, topUp: TopUp, newId: () => string, terms: LeaseTerms) {
    this.key = key
    this.#topUp = topUp
    this.#newId = newId
    this.#terms = terms
    this.lease_id = newId()
  }

  /** The lease that the amounts were taken out of, asking for more when needed; null: no more. */
  async take(amounts: Amounts, now: number, deadline: number): Promise<string | null> {
    const taken = this.#takeNow(amounts, now, deadline)
    if (taken !== null) return taken
    this.#waiting += 1
    const asked = this.#asking.then(() => this.#ask(amounts, now, deadline))
    this.#asking = asked.catch(() => undefined)
    return asked.finally(() => (this.#waiting -= 1))
  }

  /** Puts back what a settled or never started call left over; not for a lease since replaced. */
  giveBack(leaseId: string, amounts: Amounts): void {
    if (leaseId !== this.lease_id) return
    this.#free.requests += amounts.requests
    this.#free.nano_usd += amounts.nano_usd
  }

  /** The lease is lost: nothing of it may be spent any more. */
  forget(leaseId: string): void {
    if (leaseId !== this.lease_id) return
    this.lease_id = this.#newId()
    this.#free = { requests: 0n, nano_usd: 0n }
    this.#expiresAt = 0
  }

  /** Takes everything unused out, to be returned to the account. */
  takeIdle(now: number, idleMs: number): Amounts | null {
    const idle = now - this.#used_at >= idleMs
    if (!idle || (this.#free.requests === 0n && this.#free.nano_usd === 0n)) return null
    const free = this.#free
    this.#free = { requests: 0n, nano_usd: 0n }
    return free
  }

  /** True when this lease still holds for a call that may take until `deadline`. */
  covers(leaseId: string, deadline: number): boolean {
    return leaseId === this.lease_id && deadline <= this.#expiresAt - this.#terms.clock_margin_ms
  }

  get free(): Amounts {
    return this.#free
  }

  /** True when the lease ran out, nobody waits for it, and it holds nothing worth keeping. */
  ended(now: number): boolean {
    return this.#waiting === 0 && now > this.#expiresAt && now - this.#used_at > this.#terms.term_ms
  }

  #takeNow(amounts: Amounts, now: number, deadline: number): string | null {
    if (deadline > this.#expiresAt - this.#terms.clock_margin_ms) return null
    if (amounts.requests > this.#free.requests || amounts.nano_usd > this.#free.nano_usd)
      return null
    this.#free.requests -= amounts.requests
    this.#free.nano_usd -= amounts.nano_usd
    this.#used_at = now
    return this.lease_id
  }

  async #ask(amounts: Amounts, now: number, deadline: number): Promise<string | null> {
    for (let round = 0; round < 3; round += 1) {
      const taken = this.#takeNow(amounts, now, deadline)
      if (taken !== null) return taken
      const term = Math.max(this.#terms.term_ms, deadline - now + 2 * this.#terms.clock_margin_ms)
      const leaseId = this.lease_id
      const granted = await this.#topUp(leaseId, this.key, this.#missing(amounts), now + term)
      if (granted === null) return null
      if (granted === 'closed') this.forget(leaseId)
      else {
        this.giveBack(leaseId, granted)
        this.#expiresAt = Math.max(this.#expiresAt, now + term)
      }
    }
    return this.#takeNow(amounts, now, deadline)
  }

  #missing(amounts: Amounts): Amounts {
    return {
      requests: positive(amounts.requests - this.#free.requests),
      nano_usd: positive(amounts.nano_usd - this.#free.nano_usd),
    }
  }
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n
}
