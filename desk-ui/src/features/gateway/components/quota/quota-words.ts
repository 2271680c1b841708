import { dollars, formatDate, formatNumber } from '../../../../components/field-format.ts'
import type { Quota } from '../../quotas.ts'

/** What the limit is of, e.g. "Team: requests this month". */
export function nameOf({ scope, kind }: Quota): string {
  const whose = scope === 'team' ? 'Team' : 'You'
  return `${whose}: ${kind === 'requests' ? 'requests' : 'model cost'} this month`
}

/** "12 of 5,000", or "12, no limit". */
export function amountOf(quota: Quota): string {
  const used = figure(quota, quota.used + quota.reserved)
  return quota.limit === null ? `${used}, no limit` : `${used} of ${figure(quota, quota.limit)}`
}

/** What a person reads while they write: how little is left, or that nothing is, and until when. */
export function warningOf(quota: Quota): string {
  const whose = quota.scope === 'team' ? "The team's" : 'Your'
  const what = quota.kind === 'requests' ? 'requests' : 'money for models'
  const until = formatDate(quota.resets_at)
  if ((quota.remaining ?? 0) > 0) {
    const left = figure(quota, quota.remaining ?? 0)
    return `${whose} ${what} of this month: ${left} left until ${until}.`
  }
  const verb = quota.kind === 'requests' ? 'are' : 'is'
  return `${whose} ${what} of this month ${verb} used up; anew on ${until}.`
}

function figure({ kind }: Quota, value: number): string {
  return kind === 'requests' ? formatNumber(value, 0) : dollars(value)
}
