import { nanoUsdFromUsd, type NanoUsd } from '../../shared/money.ts'
import type { SitePlan, SiteSettings } from '../../shared/site-protocol.ts'

/** Limits of a team in a calendar month; null is none. */
export interface TeamLimits {
  period: 'month'
  requests: number | null
  model_nano_usd: NanoUsd | null
  person_requests: number | null
  person_model_nano_usd: NanoUsd | null
}

/**
 * Limits of a team: its own plan, else the site's default plan, else what the bridge is configured
 * with. A plan that is named but missing or disabled falls back, never to "no limit".
 */
export function teamLimits(
  settings: SiteSettings | null,
  teamPlan: string | null,
  fallback: { requests: number; budgetUsd: number },
): TeamLimits {
  const find = (name: string | null) =>
    settings?.plans.find((plan) => plan.enabled && plan.name === name)
  const plan = find(teamPlan) ?? find(settings?.default_plan ?? null)
  if (plan) return fromPlan(plan)
  return {
    period: 'month',
    requests: fallback.requests,
    model_nano_usd: nanoUsdFromUsd(fallback.budgetUsd),
    person_requests: null,
    person_model_nano_usd: null,
  }
}

function fromPlan(plan: SitePlan): TeamLimits {
  const person = plan.person_monthly_model_budget_nano_usd
  return {
    period: 'month',
    requests: plan.monthly_requests,
    model_nano_usd: BigInt(plan.monthly_model_budget_nano_usd),
    person_requests: plan.person_monthly_requests,
    person_model_nano_usd: person === null ? null : BigInt(person),
  }
}
