import { StewardError } from '../../shared/errors.ts'
import type { NanoUsd } from '../../shared/money.ts'

/** One call that is about to cost something. */
export interface SpendRequest {
  site_id: string
  team_id: string
  person: string
  /** 1 when this call counts as a request of its own, else 0. */
  requests: 0 | 1
  /** The most it can cost; it is never started when this does not fit. */
  max_nano_usd: NanoUsd
  /** How long it may take from now, in milliseconds. */
  longest_ms: number
  /** Kept with the start, for whoever reconciles it after a crash. */
  note: Record<string, unknown>
}

/** A started call. Settle it exactly once; further calls change nothing. */
export interface Spend {
  /** The id this call has on record. */
  call_id: string
  /** The real amounts; what was held beyond them is free once that is recorded. */
  settle(actual: { requests: 0 | 1; nano_usd: NanoUsd }): void
}

/** An unsettled start of a replica that is gone. */
export interface LostStart {
  call_id: string
  site_id: string
  team_id: string
  person: string
  max_nano_usd: NanoUsd
  note: Record<string, unknown>
  started_at: Date
}

/**
 * Spending against a team's limits at the speed of memory: the replica leases blocks of quota, and
 * every start is on record before `begin` resolves. The sum of what was used and what may still be
 * used never exceeds the limit, whatever crashes.
 */
export interface Spending {
  /** Throws `quota_exceeded`, `budget_exceeded`, or `unavailable` when nothing can be recorded. */
  begin(request: SpendRequest): Promise<Spend>
  /** How much money this spender could still commit to one call; null when nothing limits it. */
  headroom(who: { site_id: string; team_id: string; person: string }): Promise<NanoUsd | null>
  /** Starts of lost replicas, oldest first. */
  lostStarts(before: Date): Promise<LostStart[]>
  /** Settles a lost start by what was found out. */
  settleLost(callId: string, actual: { requests: 0 | 1; nano_usd: NanoUsd }): Promise<void>
  /** Returns quota that was not used lately to its account. */
  returnIdle(): Promise<void>
  /** Returns idle quota, takes back expired leases. */
  maintain(): Promise<void>
  /** Writes what is pending and returns the leases. */
  stop(): Promise<void>
}

export function notRecorded(cause: unknown): StewardError {
  return new StewardError('unavailable', 'The call could not be recorded, so it was not made.', {
    cause,
  })
}
