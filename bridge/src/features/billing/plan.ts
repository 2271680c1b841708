import type { NanoUsd } from '../../shared/money.ts'

/** Limits of one team in one calendar period (UTC). Null means no limit. */
export interface PlanLimits {
  period: 'day' | 'month'
  requests: number | null
  model_nano_usd: NanoUsd | null
  /** What one person of the team may use of it. */
  person_requests: number | null
  person_model_nano_usd: NanoUsd | null
}

/** Where limits come from: Steward Plan records as synced, else the configured default. */
export type Plans = (site_id: string, team_id: string) => Promise<PlanLimits>

/** Start of the calendar period that `now` lies in. */
export function periodStart(plan: PlanLimits, now: Date): Date {
  const day = plan.period === 'day' ? now.getUTCDate() : 1
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day))
}

/** First moment of the period after the one that begins at `start`. */
export function periodEnd(plan: PlanLimits, start: Date): Date {
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()]
  return new Date(
    plan.period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1),
  )
}

export function hasPersonCap(plan: PlanLimits): boolean {
  return plan.person_requests !== null || plan.person_model_nano_usd !== null
}
