import type { SiteContext } from '../site/contract.ts'

/** A naive time of the site's zone as RFC 3339 UTC; null for none. */
export function utcOf(stamp: string, site: SiteContext): string | null {
  const at = instantOf(stamp, site.timeZone)
  return at === null ? null : new Date(at).toISOString()
}

/** A naive time of the site's zone in Unix milliseconds. */
export function instantOf(stamp: string, timeZone: string): number | null {
  if (!stamp) return null
  const wall = Date.parse(`${stamp.replace(' ', 'T').slice(0, 23)}Z`)
  if (Number.isNaN(wall)) return null
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone)
}

/** Unix milliseconds as the site writes it. */
export function stampOf(at: number, timeZone: string): string {
  const wall = new Date(at + offsetAt(at, timeZone)).toISOString()
  return `${wall.slice(0, 10)} ${wall.slice(11, 23)}000`
}

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(
    of('year'),
    of('month') - 1,
    of('day'),
    of('hour'),
    of('minute'),
    of('second'),
  )
  return wall - Math.floor(at / 1000) * 1000
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Made once for each zone: making one takes a hundred times as long as using it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timeZone, clock)
  return clock
}
