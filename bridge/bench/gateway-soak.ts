import { closedLoop, type Target } from './gateway-load.ts'

const WARM_UP = 5_000
const REQUESTS = Number(process.env['BENCH_SOAK'] ?? 50_000)
const CLIENTS = 32
const LIMIT_PERCENT = 10

/**
 * Memory after the warm-up against memory after many requests, half of them streamed from the beginning on; false
 * when it grew by more than the limit, or an answer was missing.
 */
export async function soak(target: Target): Promise<boolean> {
  const marks: { requests: number; rss_mb: number }[] = []
  let missing = 0
  for (let done = 0; done < REQUESTS; done += WARM_UP) {
    const started = performance.now()
    for (const stream of [false, true]) {
      const result = await closedLoop(target, { clients: CLIENTS, requests: WARM_UP / 2, stream })
      missing += result.refused + result.cut
    }
    const perSecond = Math.round((WARM_UP * 1_000) / (performance.now() - started))
    const { rss_mb } = await target.usage()
    marks.push({ requests: done + WARM_UP, rss_mb })
    console.log(`${done + WARM_UP} requests: ${rss_mb} MB RSS, ${perSecond}/s`)
  }
  const warm = marks[0]?.rss_mb ?? 0
  const end = marks.at(-1)?.rss_mb ?? 0
  const growth = Math.round((end / warm - 1) * 1_000) / 10
  const held = growth < LIMIT_PERCENT && missing === 0
  console.log(
    `RSS ${warm} MB after ${WARM_UP} requests, ${end} MB after ${REQUESTS}: ${growth} % (limit ${LIMIT_PERCENT} %), ${missing} answers missing: ${held ? 'held' : 'NOT HELD'}`,
  )
  return held
}
