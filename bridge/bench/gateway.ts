/**
 * The gateway's own cost: added latency and throughput against the raw upstream, a 40-line Node
 * pass-through and Portkey's gateway, alternating in one run. The gateway runs with quota, money
 * reservation and ledger on; every server is a process of its own on loopback.
 */
import { cpus } from 'node:os'
import { closedLoop, openLoop, type LoadResult, type Target } from './gateway-load.ts'
import { startPortkey, startServer, type BenchServer } from './gateway-servers.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2)
const SOAK = Number(process.env['BENCH_SOAK'] ?? 50_000)

const upstream = await startServer('upstream', {})
const env = { UPSTREAM_URL: upstream.url }
const passThrough = await startServer('pass-through', env)
const gateway = await startServer('gateway', env)
const portkey = await startPortkey()

const targets: Target[] = [
  target('raw upstream', upstream, upstream.url),
  target('40-line pass-through', passThrough, passThrough.url),
  target('Steward', gateway, gateway.url),
  ...(portkey ? [portkeyTarget(portkey)] : []),
]

console.log(
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}; upstream 20 ms, 16 words; ${SECONDS} s a cell, ${ROUNDS} rounds`,
)
for (const stream of [false, true]) {
  await table(`open loop, 50/s, ${stream ? 'streamed' : 'whole'}`, (one) =>
    openLoop(one, { perSecond: 50, seconds: SECONDS, stream }),
  )
  for (const clients of [16, 64]) {
    await table(`${clients} at once, ${stream ? 'streamed' : 'whole'}`, (one) =>
      closedLoop(one, { clients, seconds: SECONDS, stream }),
    )
  }
}
await soak()
for (const server of [gateway, passThrough, upstream, portkey]) server?.stop()

function target(name: string, server: BenchServer, url: string): Target {
  return {
    name,
    url: `${url}/chat/completions`,
    headers: { authorization: `Bearer ${server.token}` },
    usage: server.usage,
  }
}

function portkeyTarget(server: BenchServer): Target {
  const config = { provider: 'openai', api_key: 'sk-mock', custom_host: upstream.url }
  return {
    name: 'Portkey 1.15',
    url: `${server.url}/chat/completions`,
    headers: { 'x-portkey-config': JSON.stringify(config) },
    usage: server.usage,
  }
}

/** Runs one measure on every target in turn, round by round, and prints the best round of each. */
async function table(title: string, run: (target: Target) => Promise<LoadResult>): Promise<void> {
  const results = new Map<string, LoadResult[]>()
  for (const one of targets) await run({ ...one, warmUp: true })
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of targets)
      results.set(one.name, [...(results.get(one.name) ?? []), await run(one)])
  }
  const median = (name: string, of: (result: LoadResult) => number): number => {
    const values = (results.get(name) ?? []).map(of).sort((a, b) => a - b)
    return values[Math.floor((values.length - 1) / 2)] ?? Number.NaN
  }
  const raw = (of: (result: LoadResult) => number) => median('raw upstream', of)
  console.log(`\n${title}`)
  console.table(
    targets.map(({ name }) => ({
      target: name,
      'requests/s': Math.round(median(name, (result) => result.per_second)),
      'p50 ms': round2(median(name, (result) => result.p50)),
      'added p50': round2(median(name, (result) => result.p50) - raw((result) => result.p50)),
      'added p99': round2(median(name, (result) => result.p99) - raw((result) => result.p99)),
      'added first token p50': round2(
        median(name, (result) => result.first_p50) - raw((result) => result.first_p50),
      ),
      'CPU ms/request': round2(median(name, (result) => result.cpu_ms)),
      errors: median(name, (result) => result.errors),
    })),
  )
}

/** Memory after warm-up against memory after many requests. */
async function soak(): Promise<void> {
  const steward = targets.find((one) => one.name === 'Steward') as Target
  const marks: number[] = []
  for (const requests of [5_000, SOAK / 2, SOAK / 2]) {
    await closedLoop(steward, { clients: 32, requests, stream: false })
    marks.push((await steward.usage()).rss_mb)
  }
  const [warm = 0, half = 0, end = 0] = marks
  console.log(
    `\nRSS of Steward over ${SOAK} requests: ${warm} MB warm, ${half} MB half way, ${end} MB at the end (${round2((end / warm - 1) * 100)} %)`,
  )
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
