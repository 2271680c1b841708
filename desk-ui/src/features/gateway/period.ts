import type { Period } from './data.ts'

/** The last `days` calendar days in UTC, today included: the bridge counts in UTC. */
export function lastDays(days: number, now: Date): Period {
  const from = new Date(now)
  from.setUTCDate(from.getUTCDate() - days + 1)
  return { from: from.toISOString().slice(0, 10), to: now.toISOString().slice(0, 10) }
}
