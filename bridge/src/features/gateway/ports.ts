import type { NanoUsd } from '../../shared/money.ts'

interface Spender {
  site_id: string
  team_id: string
  person: string
}

interface Actual {
  requests: 0 | 1
  nano_usd: NanoUsd
}

/** Spending against a team's limits, as billing offers it. */
export interface SpendingPort {
  /** Resolves when the start is on record; throws `quota_exceeded`, `budget_exceeded`, `unavailable`. */
  begin(
    request: Spender & {
      requests: 0 | 1
      max_nano_usd: NanoUsd
      longest_ms: number
      note: Record<string, unknown>
    },
  ): Promise<{ call_id: string; settle(actual: Actual): void }>
  headroom(who: Spender): Promise<NanoUsd | null>
  lostStarts(before: Date): Promise<
    (Spender & {
      call_id: string
      max_nano_usd: NanoUsd
      note: Record<string, unknown>
      started_at: Date
    })[]
  >
  settleLost(callId: string, actual: Actual): Promise<void>
}
