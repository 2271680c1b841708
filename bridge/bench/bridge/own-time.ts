import type { SiteInterval } from '../delayed-site.ts'
import type { Person } from './person.ts'
import { cpuOf, now, percentile, rounded } from './statistics.ts'

interface Asked {
  bearer: string
  start: number
  end: number
}

export interface OwnTime {
  requests: number
  'whole p50': number
  'own p50': number
  'own p99': number
  'CPU each': number
  'site calls': number
}

export interface Measured {
  people: Person[]
  /** Address of the delayed site. */
  site: string
  /** Process of the bridge. */
  bridgePid: number
}

/**
 * Each person asks `times` times, all of them at once; a request's own time is its whole time without
 * the time at least one call of that person was at the site.
 */
export async function ownTime(
  { people, site, bridgePid }: Measured,
  text: string,
  times: number,
): Promise<OwnTime> {
  for (const person of people) await askTimed(person, text)
  await takeIntervals(site)
  const cpuBefore = cpuOf(bridgePid)
  const asked = (await Promise.all(people.map((person) => series(person, text, times)))).flat()
  const cpu = cpuOf(bridgePid) - cpuBefore
  const intervals = await takeIntervals(site)
  const own = asked.map((one) => one.end - one.start - atSite(one, intervals))
  const whole = asked.map((one) => one.end - one.start)
  const calls = asked.map((one) => during(one, intervals).length)
  return {
    requests: asked.length,
    'whole p50': rounded(percentile(whole, 0.5)),
    'own p50': rounded(percentile(own, 0.5)),
    'own p99': rounded(percentile(own, 0.99)),
    'CPU each': rounded(cpu / asked.length),
    'site calls': Math.max(...calls),
  }
}

async function takeIntervals(site: string): Promise<SiteInterval[]> {
  return (await (await fetch(`${site}/-/intervals`)).json()) as SiteInterval[]
}

async function series(person: Person, text: string, times: number): Promise<Asked[]> {
  const asked: Asked[] = []
  for (let n = 0; n < times; n += 1) asked.push(await askTimed(person, text))
  return asked
}

/** From sending the message to the event that ends the request. */
async function askTimed(person: Person, text: string): Promise<Asked> {
  const { id } = await person.post<{ id: string }>('/conversations', {})
  const start = now()
  let end = 0
  await person.askIn(id, text, (event) => {
    if (event === 'request.completed' || event === 'request.waiting') end = now()
    if (event === 'request.failed') throw new Error(`"${text}" failed.`)
  })
  if (end === 0) throw new Error(`"${text}" did not come to an end.`)
  return { bearer: `Bearer ${person.bearer}`, start, end }
}

function during(one: Asked, intervals: SiteInterval[]): SiteInterval[] {
  return intervals.filter(
    ({ bearer, start, end }) => bearer === one.bearer && end > one.start && start < one.end,
  )
}

/** Length of the union of the person's intervals within the request. */
function atSite(one: Asked, intervals: SiteInterval[]): number {
  const own = during(one, intervals).sort((a, b) => a.start - b.start)
  let covered = 0
  let upTo = one.start
  for (const { start, end } of own) {
    covered += Math.max(0, Math.min(end, one.end) - Math.max(start, upTo))
    upTo = Math.max(upTo, end)
  }
  return covered
}
