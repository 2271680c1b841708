import type { NanoUsd } from '../../shared/money.ts'
import type { Amounts } from './quota-store.ts'
import type { LeasedAccount } from './leased-account.ts'
import type { Spender } from './quota-accounts.ts'

/** What a started call holds, in memory. */
export interface Holding {
  account: LeasedAccount
  lease_id: string
}

/** What a start is going to hold, and for how long at most. */
export interface PlannedStart {
  amounts: Amounts
  longest_ms: number
  /** Before it is refused, everything that stands in its way is settled. */
  patient: boolean
}

/** A start that is on record: whoever takes it may send at once. */
export interface RecordedStart {
  call_id: string
  amounts: Amounts
  holdings: Holding[]
}

interface Pool {
  spender: Spender
  amounts: Amounts
  ready: RecordedStart[]
  /** What is being recorded now. */
  preparing: Promise<void> | null
  /** Until then none are prepared: real calls need what they would hold. */
  paused_until: number
  /** Takes of this and of the last window, to follow the rate. */
  takes: number
  last_takes: number
  window_at: number
}

const WINDOW_MS = 1_000
/** How far ahead of the present rate starts are prepared, beside the time it takes to record them. */
const AHEAD_MS = 1_000
const MOST_AHEAD = 200

/**
 * Starts recorded ahead of the calls that will use them, for teams that call often: their ids and
 * maximum costs are in the database, in batches, before anything is sent, and the call itself does
 * not wait for it. A crash counts all of them at their maximum; unused ones are settled at nothing.
 */
export class PreparedStarts {
  /** Never rejects: what could not be recorded is left out. */
  readonly #record: (spender: Spender, amounts: Amounts, count: number) => Promise<RecordedStart[]>
  readonly #settleUnused: (start: RecordedStart) => void
  readonly #from: number
  readonly #pools = new Map<string, Pool>()
  #stopped = false
  /** How long recording took lately, in milliseconds. */
  #recordMs = 0

  /** `from`: calls in a second from which on it is worth it. */
  constructor(
    record: (spender: Spender, amounts: Amounts, count: number) => Promise<RecordedStart[]>,
    settleUnused: (start: RecordedStart) => void,
    from: number,
  ) {
    this.#record = record
    this.#settleUnused = settleUnused
    this.#from = from
  }

  /** A recorded start that holds these amounts and whose leases outlast the deadline; null: none. */
  take(spender: Spender, amounts: Amounts, now: number, deadline: number): RecordedStart | null {
    const pool = this.#pool(spender, amounts, now)
    pool.takes += 1
    let start = pool.ready.pop() ?? null
    while (start && !start.holdings.every((held) => held.account.covers(held.lease_id, deadline))) {
      this.#settleUnused(start)
      start = pool.ready.pop() ?? null
    }
    this.#prepare(pool, now)
    return start
  }

  /** Gives up the starts of a team, also those being recorded, and prepares none for a while. */
  async giveUp(team: { site_id: string; team_id: string }, now: number): Promise<void> {
    const own = [...this.#pools.values()].filter(
      ({ spender }) => spender.site_id === team.site_id && spender.team_id === team.team_id,
    )
    for (const pool of own) pool.paused_until = now + WINDOW_MS
    await Promise.all(own.map((pool) => pool.preparing))
    for (const pool of own) this.#empty(pool)
  }

  /** Gives up what nobody has asked for lately. */
  dropIdle(now: number): void {
    for (const [name, pool] of this.#pools) {
      if (now - pool.window_at <= 2 * WINDOW_MS) continue
      this.#empty(pool)
      if (!pool.preparing) this.#pools.delete(name)
    }
  }

  /** Prepares no more, and settles what was prepared for nobody. */
  async stop(): Promise<void> {
    this.#stopped = true
    const pools = [...this.#pools.values()]
    await Promise.all(pools.map((pool) => pool.preparing))
    for (const pool of pools) this.#empty(pool)
  }

  #empty(pool: Pool): void {
    for (const start of pool.ready.splice(0)) this.#settleUnused(start)
  }

  #prepare(pool: Pool, now: number): void {
    const rate = Math.max(pool.takes, pool.last_takes)
    if (this.#stopped || pool.preparing || now < pool.paused_until || rate < this.#from) return
    const ahead = AHEAD_MS + 2 * this.#recordMs
    const target = Math.min(MOST_AHEAD, Math.ceil((rate * ahead) / WINDOW_MS) + 2)
    if (pool.ready.length > target / 2) return
    const began = performance.now()
    const wanted = target - pool.ready.length
    pool.preparing = this.#record(pool.spender, pool.amounts, wanted).then((starts) => {
      pool.ready.unshift(...starts)
      pool.preparing = null
      this.#recordMs += (performance.now() - began - this.#recordMs) / 4
    })
  }

  #pool(spender: Spender, amounts: Amounts, now: number): Pool {
    const { site_id: site, team_id: team, person } = spender
    const name = `${site}\n${team}\n${person}\n${amounts.requests}\n${amounts.nano_usd}`
    const pool = this.#pools.get(name) ?? {
      spender: { site_id: site, team_id: team, person },
      amounts,
      ready: [],
      preparing: null,
      paused_until: 0,
      takes: 0,
      last_takes: 0,
      window_at: now,
    }
    this.#pools.set(name, pool)
    if (now - pool.window_at >= WINDOW_MS) {
      pool.last_takes = now - pool.window_at < 2 * WINDOW_MS ? pool.takes : 0
      pool.takes = 0
      pool.window_at = now
    }
    return pool
  }
}

/** The next size class: four to each doubling, so at most a quarter more is held than needed. */
export function sizeClass(amount: NanoUsd): NanoUsd {
  if (amount <= 8n) return amount
  const step = 1n << BigInt(amount.toString(2).length - 3)
  return ((amount + step - 1n) / step) * step
}
