/**
 * The gateway's own cost: added latency and throughput against the raw upstream, a 40-line Node
 * pass-through, Portkey's gateway and, with `--litellm`, LiteLLM's proxy, alternating in one run.
 * `BENCH_LATENCY_MS` is the upstream's: at 20 ms 16 clients cannot get 800 answers a second out of
 * anything, so throughputs are told apart with less. Every server first answers for some seconds, so
 * that its code is compiled. `--soak` measures memory over many requests instead. The gateway runs
 * with quota, money reservation and ledger on; every server is a process of its own on loopback.
 */
import { cpus, loadavg } from 'node:os'
import { closedLoop, openLoop, type LoadResult, type Target } from './gateway-load.ts'
import { startLiteLlm, startPortkey } from './gateway-peers.ts'
import { startServer, type BenchServer } from './gateway-servers.ts'
import { soak } from './gateway-soak.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6)
const LATENCY_MS = process.env['BENCH_LATENCY_MS'] ?? '20'
const WARM_SECONDS = 5
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2)
const [withSoak, withLiteLlm] = ['--soak', '--litellm'].map((flag) => process.argv.includes(flag))

const upstream = await startServer('upstream', {})
const env = { UPSTREAM_URL: upstream.url }
const gateway = await startServer('gateway', env)
const steward = target('Steward', gateway, gateway.url)

printConditions()
if (withSoak) {
  if (!(await soak(steward))) process.exitCode = 1
} else await compare()
for (const server of [gateway, upstream]) server.stop()

async function compare(): Promise<void> {
  const passThrough = await startServer('pass-through', env)
  const portkey = await startPortkey()
  const liteLlm = withLiteLlm ? await startLiteLlm(upstream.url) : null
  const targets: Target[] = [
    target('raw upstream', upstream, upstream.url),
    target('40-line pass-through', passThrough, passThrough.url),
    steward,
    ...(portkey ? [portkeyTarget(portkey)] : []),
    ...(liteLlm ? [target('LiteLLM proxy', liteLlm, liteLlm.url)] : []),
  ]
  for (const stream of [false, true]) {
    for (const one of targets) await closedLoop(one, { clients: 16, seconds: WARM_SECONDS, stream })
    const form = stream ? 'streamed' : 'whole'
    await table(targets, `open loop, 50/s, ${form}`, (one) =>
      openLoop(one, { perSecond: 50, seconds: SECONDS, stream }),
    )
    for (const clients of [16, 64]) {
      await table(targets, `${clients} at once, ${form}`, (one) =>
        closedLoop(one, { clients, seconds: SECONDS, stream }),
      )
    }
  }
  for (const server of [passThrough, portkey, liteLlm]) server?.stop()
}

function printConditions(): void {
  const cpu = `${cpus().length} cores (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}`
  console.log(`${cpu}, Node ${process.version}; upstream ${LATENCY_MS} ms, 16 words`)
  if (!withSoak) console.log(`${SECONDS} s a cell, ${ROUNDS} rounds, the median of each target`)
}

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

/** Runs one measure on every target in turn, round by round, and prints the median of each. */
async function table(
  targets: Target[],
  title: string,
  run: (target: Target) => Promise<LoadResult>,
): Promise<void> {
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
  console.log(`\n${title} (load ${loadavg()[0]?.toFixed(1)})`)
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
      refused: median(name, (result) => result.refused),
      'cut short': median(name, (result) => result.cut),
    })),
  )
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
