/** Calendar arithmetic on `YYYY-MM-DD`, without a clock or a zone. */
export function addDays(date: string, days: number): string {
  const at = toUtc(date)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** As ERPNext's `add_months`: the day is kept, cut to the month's last. */
export function addMonths(date: string, months: number): string {
  const at = toUtc(date)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  const last = Number(lastDayOfMonth(at.toISOString().slice(0, 10)).slice(8))
  at.setUTCDate(Math.min(day, last))
  return at.toISOString().slice(0, 10)
}

export function lastDayOfMonth(date: string): string {
  const at = toUtc(date)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}

export function daysBetween(from: string, to: string): number {
  return Math.round((toUtc(to).getTime() - toUtc(from).getTime()) / 86_400_000)
}

function toUtc(date: string): Date {
  return new Date(`${date.slice(0, 10)}T00:00:00Z`)
}
