/** Calendar arithmetic on `YYYY-MM-DD`, without a zone. */
export interface Period {
  /** First and last day; null is open. */
  from: string | null
  to: string | null
  /** How a sentence names it, e.g. `this month`. */
  words: string
}

export function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`)
}

export function iso(date: Date): string {
  return date.toISOString().slice(0, 10)
}

export function addDays(date: string, days: number): string {
  const at = utc(date)
  at.setUTCDate(at.getUTCDate() + days)
  return iso(at)
}

/** First day of the month `offset` months away. */
export function monthStart(date: string, offset = 0): string {
  const at = utc(date)
  return iso(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1)))
}

/** Last day of the month `offset` months away. */
export function monthEnd(date: string, offset = 0): string {
  return addDays(monthStart(date, offset + 1), -1)
}

/** Same day `months` later, cut to the month's last day. */
export function addMonths(date: string, months: number): string {
  const end = monthEnd(date, months)
  const day = Math.min(utc(date).getUTCDate(), utc(end).getUTCDate())
  return `${end.slice(0, 8)}${String(day).padStart(2, '0')}`
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** The whole unit that `date` lies in, moved by `offset` units; weeks begin on Monday. */
export function unitOf(unit: Unit, date: string, offset = 0): { from: string; to: string } {
  if (unit === 'day') return { from: addDays(date, offset), to: addDays(date, offset) }
  if (unit === 'week') {
    const monday = addDays(date, -((utc(date).getUTCDay() + 6) % 7) + offset * 7)
    return { from: monday, to: addDays(monday, 6) }
  }
  if (unit === 'month') return { from: monthStart(date, offset), to: monthEnd(date, offset) }
  if (unit === 'quarter') {
    const first = monthStart(date, -(utc(date).getUTCMonth() % 3) + offset * 3)
    return { from: first, to: monthEnd(first, 2) }
  }
  const year = utc(date).getUTCFullYear() + offset
  return { from: `${year}-01-01`, to: `${year}-12-31` }
}

/** `date` moved by `count` units. */
export function move(date: string, unit: Unit, count: number): string {
  if (unit === 'day') return addDays(date, count)
  if (unit === 'week') return addDays(date, count * 7)
  return addMonths(date, count * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12))
}
