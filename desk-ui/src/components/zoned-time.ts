/** A moment as a clock on a wall shows it: `2026-03-09` and `14:05:00`. */
export interface WallTime {
  date: string
  time: string
}

const SITE_DATETIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?$/

/** A datetime of ERPNext (no zone: it is in the site's) as it is in the zone a person reads. */
export function siteTimeIn(text: string, site: Zone, shown: Zone): WallTime | null {
  const [, date, time] = SITE_DATETIME.exec(text) ?? []
  if (!date || !time) return null
  const whole = time.length === 5 ? `${time}:00` : time
  if (!site || !shown || site === shown) return { date, time: whole }
  return instantIn(instantOf(date, whole, site), shown)
}

/** An RFC 3339 time, or one in milliseconds, in the zone a person reads. */
export function instantIn(moment: string | number, zone: Zone): WallTime | null {
  const at = new Date(moment)
  if (Number.isNaN(at.getTime())) return null
  const part = new Map(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? ''
  return {
    date: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
  }
}

type Zone = string | undefined

/** Read as if it were UTC, then set right by what the zone's clock shows then, twice for a change of hour. */
function instantOf(date: string, time: string, zone: Zone): number {
  const wanted = Date.parse(`${date}T${time}Z`)
  let guess = wanted
  for (let round = 0; round < 2; round++) {
    const seen = instantIn(guess, zone)
    if (seen) guess += wanted - Date.parse(`${seen.date}T${seen.time}Z`)
  }
  return guess
}

const clocks = new Map<Zone, Intl.DateTimeFormat>()

function clockOf(zone: Zone): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const clock = newClock(zone)
  clocks.set(zone, clock)
  return clock
}

const SHAPE = {
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const

/** A site may know a zone that this browser does not: then times are the browser's. */
function newClock(timeZone: Zone): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { ...SHAPE, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-US', SHAPE)
  }
}
