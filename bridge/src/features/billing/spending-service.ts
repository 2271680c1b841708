import type { Fanout } from '../../platform/cache/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import type { NanoUsd } from '../../shared/money.ts'
import type { LeasedAccount } from './leased-account.ts'
import { LeasedAccounts, type LeaseOptions } from './leased-accounts.ts'
import { LeaseRecall } from './lease-recall.ts'
import {
  PreparedStarts,
  sizeClass,
  type Holding,
  type PlannedStart,
  type RecordedStart,
} from './prepared-starts.ts'
import {
  accountKeys,
  type QuotaAccounts,
  type Spender,
  type SpenderAccounts,
} from './quota-accounts.ts'
import { readAccounts, type AccountKey, type Amounts } from './quota-store.ts'
import { unsettledStarts } from './spend-store.ts'
import { forgetLeases, SpendWriter } from './spend-writer.ts'
import {
  notRecorded,
  type LostStart,
  type Spend,
  type SpendRequest,
  type Spending,
} from './spending.ts'

export interface SpendingOptions extends LeaseOptions {
  /** After this long without use the rest of a lease goes back, in milliseconds. */
  idle_ms: number
  /** How long ends wait for company before they are written, in milliseconds. */
  settle_delay_ms: number
  /** Calls in a second from which on starts are recorded ahead of them. */
  prepare_from: number
}

export interface SpendingPorts {
  database: Database
  accounts: QuotaAccounts
  fanout: Fanout
  clock: Clock
  ids: Ids
  logger: Logger
}

/** A prepared start serves calls that may take this long; longer ones record their own. */
const PREPARED_LONGEST_MS = 150_000

export class LeasedSpending implements Spending {
  readonly #ports: SpendingPorts
  readonly #options: SpendingOptions
  readonly #accounts: LeasedAccounts
  readonly #writer: SpendWriter
  readonly #prepared: PreparedStarts
  readonly #recall: LeaseRecall

  constructor(ports: SpendingPorts, options: SpendingOptions) {
    this.#ports = ports
    this.#options = options
    this.#accounts = new LeasedAccounts(ports, options)
    this.#writer = new SpendWriter(ports, options.settle_delay_ms)
    this.#prepared = new PreparedStarts(
      (spender, amounts, count) => this.#recordAhead(spender, amounts, count),
      (start) => this.#spend(start).settle({ requests: 0, nano_usd: 0n }),
      options.prepare_from,
    )
    this.#recall = new LeaseRecall({
      ...ports,
      owner: options.owner,
      giveBack: (key) => this.#giveBack(key),
    })
  }

  async begin(request: SpendRequest): Promise<Spend> {
    const now = this.#ports.clock.now().getTime()
    const exact = { requests: BigInt(request.requests), nano_usd: request.max_nano_usd }
    const rounded = { ...exact, nano_usd: sizeClass(request.max_nano_usd) }
    const ready = this.#prepared.take(request, rounded, now, now + request.longest_ms)
    const planned = { amounts: exact, longest_ms: request.longest_ms, patient: true }
    const start = ready ?? (await this.#startOf(request, planned, request.note))
    return this.#spend(start)
  }

  async headroom(who: Spender): Promise<NanoUsd | null> {
    const accounts = await this.#ports.accounts.of(who, this.#ports.clock.now())
    const rows = await this.#ports.database.withTenant(who, (tx) => readAccounts(tx, accounts.team))
    const rooms = accountKeys(accounts).flatMap((key) => {
      const row = rows.find((candidate) => candidate.person === key.person)
      if (!row || row.limit_nano_usd === null) return []
      const here = this.freeOf(key).nano_usd
      return [row.limit_nano_usd - row.used_nano_usd - row.held_nano_usd + here]
    })
    return rooms.length === 0 ? null : rooms.reduce((least, room) => (room < least ? room : least))
  }

  /** What of an account this process holds and has promised to no call. */
  freeOf(key: AccountKey): Amounts {
    return this.#accounts.freeOf(key)
  }

  async lostStarts(before: Date): Promise<LostStart[]> {
    return this.#ports.database.withSystem('reconcile lost model calls', (tx) =>
      unsettledStarts(tx, before),
    )
  }

  settleLost(callId: string, actual: { requests: 0 | 1; nano_usd: NanoUsd }): Promise<void> {
    return this.#writer.settleLost(callId, actual)
  }

  async returnIdle(): Promise<void> {
    const now = this.#ports.clock.now().getTime()
    this.#prepared.dropIdle(now)
    await this.#accounts.returnIdle(now, this.#options.idle_ms)
  }

  async maintain(): Promise<void> {
    await this.returnIdle()
    await this.#accounts.reclaimExpired()
  }

  async stop(): Promise<void> {
    this.#recall.close()
    await this.#prepared.stop()
    await this.#writer.flushStarts()
    await this.#writer.flushEnds()
    await this.#accounts.returnIdle(this.#ports.clock.now().getTime(), 0)
  }

  /** Holds and records one start. */
  async #startOf(
    spender: Spender,
    planned: PlannedStart,
    note: Record<string, unknown>,
  ): Promise<RecordedStart> {
    const { amounts } = planned
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const now = this.#ports.clock.now()
      const accounts = await this.#ports.accounts.of(spender, now)
      const holdings = await this.#hold(accounts, planned, now.getTime())
      const start = { call_id: this.#ports.ids.next('model_call'), amounts, holdings }
      if (await this.#writer.record(start, spender, accounts.team, note)) return start
      forgetLeases(start)
    }
    throw notRecorded(null)
  }

  /** As many as there is room for; the refusal of one ends it without harm to the others. */
  async #recordAhead(spender: Spender, amounts: Amounts, count: number): Promise<RecordedStart[]> {
    const planned = { amounts, longest_ms: PREPARED_LONGEST_MS, patient: false }
    const starts = await Promise.allSettled(
      Array.from({ length: count }, () => this.#startOf(spender, planned, { prepared: true })),
    )
    return starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  }

  /** Takes from the team's share and, when there is a cap, from the person's; or from neither. */
  async #hold(accounts: SpenderAccounts, planned: PlannedStart, now: number): Promise<Holding[]> {
    const { amounts } = planned
    const holdings: Holding[] = []
    try {
      for (const key of accountKeys(accounts)) {
        const account = this.#accounts.of(key)
        const leaseId = await this.#take(account, planned, now)
        if (leaseId === null) throw await this.#ports.accounts.refusal(accounts, amounts)
        holdings.push({ account, lease_id: leaseId })
      }
      return holdings
    } catch (error) {
      for (const held of holdings) held.account.giveBack(held.lease_id, amounts)
      throw error
    }
  }

  /**
   * What stands in the way of a call may be starts prepared for later ones, ends that are not
   * written yet, or what another replica holds and does not need: before a refusal all of it is
   * settled once. Nobody needs a prepared start that much.
   */
  async #take(account: LeasedAccount, planned: PlannedStart, now: number): Promise<string | null> {
    const { amounts } = planned
    const deadline = now + planned.longest_ms
    const leaseId = await account.take(amounts, now, deadline)
    if (leaseId !== null || !planned.patient) return leaseId
    await this.#settleUnneeded(account.key, now)
    const retried = await account.take(amounts, now, deadline)
    if (retried !== null || !(await this.#recalled(account.key))) return retried
    return account.take(amounts, now, deadline)
  }

  async #settleUnneeded(key: AccountKey, now: number): Promise<void> {
    await this.#prepared.giveUp(key, now)
    await this.#writer.flushEnds()
  }

  /** True when another replica returned something that it held for no call. */
  async #recalled(key: AccountKey): Promise<boolean> {
    const idle = await this.#accounts.idleElsewhere(key)
    return (idle.requests > 0n || idle.nano_usd > 0n) && this.#recall.ask(key)
  }

  /** Another replica needs what this one holds and has promised to no call. */
  async #giveBack(key: AccountKey): Promise<void> {
    const now = this.#ports.clock.now().getTime()
    await this.#settleUnneeded(key, now)
    await this.#accounts.returnOf(key, now)
  }

  #spend(start: RecordedStart): Spend {
    let open = true
    return {
      call_id: start.call_id,
      settle: (actual) => {
        if (!open) return
        open = false
        void this.#writer.settle(start, actual)
      },
    }
  }
}
