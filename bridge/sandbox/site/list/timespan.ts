/** `YYYY-MM-DD` arithmetic in UTC, where every day has 24 hours. */
function parse(date: string): Date {
  return new Date(`${date}T00:00:00Z`)
}

function format(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function addDays(date: string, days: number): string {
  const moved = parse(date)
  moved.setUTCDate(moved.getUTCDate() + days)
  return format(moved)
}

/** Months later, on the last day where the month is shorter. */
function addMonths(date: string, months: number): string {
  const start = parse(date)
  const day = start.getUTCDate()
  start.setUTCDate(1)
  start.setUTCMonth(start.getUTCMonth() + months)
  const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate()
  start.setUTCDate(Math.min(day, last))
  return format(start)
}

type Unit = 'week' | 'month' | 'quarter' | 'half year' | 'year'
const MONTHS: Record<Exclude<Unit, 'week'>, number> = {
  month: 1,
  quarter: 3,
  'half year': 6,
  year: 12,
}

/** First and last day of the unit that holds `date`; weeks start on Sunday as Frappe's default does. */
function period(unit: Unit, date: string): [string, string] {
  if (unit === 'week') {
    const first = addDays(date, -parse(date).getUTCDay())
    return [first, addDays(first, 6)]
  }
  const size = MONTHS[unit]
  const month = parse(date).getUTCMonth()
  const first = addMonths(`${date.slice(0, 8)}01`, -(month % size))
  return [first, addDays(addMonths(first, size), -1)]
}

function shift(unit: Unit, date: string, count: number): string {
  return unit === 'week' ? addDays(date, 7 * count) : addMonths(date, MONTHS[unit] * count)
}

/** Days a phrase like `last month` covers, both ends included; null when it is none of Frappe's. */
export function timespanRange(phrase: string, today: string): [string, string] | null {
  const words = phrase.trim().toLowerCase()
  if (words === 'today') return [today, today]
  if (words === 'yesterday') return [addDays(today, -1), addDays(today, -1)]
  if (words === 'tomorrow') return [addDays(today, 1), addDays(today, 1)]
  const days = /^(last|next) (\d+) days$/.exec(words)
  if (days) {
    const count = Number(days[2])
    return days[1] === 'last' ? [addDays(today, -count), today] : [today, addDays(today, count)]
  }
  return unitRange(words.replace('6 months', 'half year'), today)
}

function unitRange(words: string, today: string): [string, string] | null {
  const match = /^(last|this|next) (week|month|quarter|half year|year)$/.exec(words)
  if (!match) return null
  const unit = match[2] as Unit
  const count = match[1] === 'last' ? -1 : match[1] === 'next' ? 1 : 0
  return period(unit, shift(unit, count === 0 ? today : period(unit, today)[0], count))
}

/** `previous` / `next` with `1 week`, `1 month`, `3 months`, `6 months`, `1 year`: up to today or from it. */
export function nearRange(
  operator: string,
  phrase: string,
  today: string,
): [string, string] | null {
  const match = /^(\d+) (day|week|month|year)s?$/.exec(phrase.trim().toLowerCase())
  if (!match) return null
  const count = Number(match[1]) * (operator === 'previous' ? -1 : 1)
  const far = moveBy(today, match[2] ?? '', count)
  return operator === 'previous' ? [far, today] : [today, far]
}

function moveBy(date: string, unit: string, count: number): string {
  if (unit === 'day') return addDays(date, count)
  if (unit === 'week') return addDays(date, 7 * count)
  return addMonths(date, unit === 'year' ? 12 * count : count)
}
