import type { Database } from '../../platform/database/index.ts'
import { BatchWriter } from '../../shared/batch-writer.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { NanoUsd } from '../../shared/money.ts'
import { persistently } from '../../shared/persistent-write.ts'
import { lockLeases } from './lease-store.ts'
import type { Holding, RecordedStart } from './prepared-starts.ts'
import type { Spender } from './quota-accounts.ts'
import type { AccountKey, Amounts } from './quota-store.ts'
import { recordEnds, recordStarts, type SpendEnd, type SpendStart } from './spend-store.ts'
import { notRecorded } from './spending.ts'

interface Actual {
  requests: 0 | 1
  nano_usd: NanoUsd
}

/** Puts starts and ends on record, in batches. */
export class SpendWriter {
  readonly #database: Database
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #settleDelayMs: number
  readonly #starts: BatchWriter<SpendStart, Set<string>>
  readonly #ends: BatchWriter<SpendEnd, void>

  constructor(
    { database, clock, logger }: { database: Database; clock: Clock; logger: Logger },
    settleDelayMs: number,
  ) {
    this.#database = database
    this.#clock = clock
    this.#logger = logger
    this.#settleDelayMs = settleDelayMs
    this.#starts = new BatchWriter((starts) => this.#writeStarts(starts), {
      delayMs: 0,
      limit: 200,
    })
    this.#ends = new BatchWriter((ends) => this.#writeEnds(ends), {
      delayMs: settleDelayMs,
      limit: 200,
    })
  }

  /** True when the start is on record; false when its lease no longer holds. */
  async record(
    start: RecordedStart,
    spender: Spender,
    team: AccountKey,
    note: Record<string, unknown>,
  ): Promise<boolean> {
    try {
      const row = startRow(start, spender, team, note, this.#clock.now())
      return (await this.#starts.add(row)).has(start.call_id)
    } catch (error) {
      // It may be on record all the same: what it holds comes back with the lease, renewed no more.
      forgetLeases(start)
      throw notRecorded(error)
    }
  }

  /** What is left over may be spent again only when the end is on record, so a crash cannot count twice. */
  async settle(start: RecordedStart, actual: Actual): Promise<void> {
    const end = this.#end(start.call_id, start.holdings, actual)
    try {
      await persistently(() => this.#ends.add(end), Math.max(1, this.#settleDelayMs))
      giveBack(start, end)
    } catch (err) {
      const { call_id } = start
      this.#logger.error({ err, call_id }, 'what a call cost could not be recorded')
      // It counts at its maximum from when its lease, renewed no more, is taken back.
      forgetLeases(start)
    }
  }

  /** Settles a start of another replica. */
  settleLost(callId: string, actual: Actual): Promise<void> {
    return this.#writeEnds([this.#end(callId, [], actual)])
  }

  flushStarts(): Promise<void> {
    return this.#starts.flush()
  }

  flushEnds(): Promise<void> {
    return this.#ends.flush()
  }

  #end(callId: string, holdings: Holding[], actual: Actual): SpendEnd {
    return {
      call_id: callId,
      lease_ids: holdings.map((holding) => holding.lease_id),
      requests: BigInt(actual.requests),
      actual_nano_usd: actual.nano_usd,
      settled_at: this.#clock.now(),
    }
  }

  #writeStarts(starts: SpendStart[]): Promise<Set<string>> {
    const now = this.#clock.now()
    return this.#database.systemStatement('record model calls', (tx) =>
      recordStarts(tx, starts, now),
    )
  }

  #writeEnds(ends: SpendEnd[]): Promise<void> {
    return this.#database.withSystem('settle model calls', async (tx) => {
      await lockLeases(tx, [...new Set(ends.flatMap((end) => end.lease_ids))])
      await recordEnds(tx, ends)
    })
  }
}

function giveBack(start: RecordedStart, end: SpendEnd): void {
  const { amounts, holdings } = start
  const left: Amounts = {
    requests: amounts.requests - least(end.requests, amounts.requests),
    nano_usd: amounts.nano_usd - least(end.actual_nano_usd, amounts.nano_usd),
  }
  for (const holding of holdings) holding.account.giveBack(holding.lease_id, left)
}

/** Nothing more is spent of the leases of a start whose record is in doubt. */
export function forgetLeases(start: RecordedStart): void {
  for (const { account, lease_id } of start.holdings) account.forget(lease_id)
}

function startRow(
  start: RecordedStart,
  spender: Spender,
  team: AccountKey,
  note: Record<string, unknown>,
  now: Date,
): SpendStart {
  return {
    call_id: start.call_id,
    site_id: spender.site_id,
    team_id: spender.team_id,
    person: spender.person,
    period_start: team.period_start,
    team_lease_id: start.holdings[0]?.lease_id ?? '',
    person_lease_id: start.holdings[1]?.lease_id ?? null,
    requests: start.amounts.requests,
    max_nano_usd: start.amounts.nano_usd,
    note,
    started_at: now,
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
