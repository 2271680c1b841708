/**
 * The fault table: two upstreams, the first one failing. Prints what the caller saw, what was
 * charged and how long it took, for Steward, for Portkey's gateway with fallback to the second, and
 * for a pass-through that knows only the first. Deadlines of Steward: 400 ms to the first token and
 * between tokens; the others come with none, and a caller gives up after five seconds.
 */
import { FAULT_CASES } from './gateway-fault-cases.ts'
import { runFault, runPeerFault, type FaultOutcome } from './gateway-fault-run.ts'
import { startPassThrough } from './gateway-pass-through.ts'
import { startPortkey } from './gateway-peers.ts'
import { openGatewayDatabase } from './gateway-stack.ts'

const database = await openGatewayDatabase()
const portkey = await startPortkey()
const [own, peers] = [[] as object[], [] as object[]]
for (const fault of FAULT_CASES) {
  const steward = await runFault(fault, database)
  own.push({
    fault: fault.name,
    ...shown('Steward', steward),
    charged: steward.ledger.map((row) => `${row.provider} ${row.nano_usd}`).join(', '),
    'first one': steward.first_calls_after === 0 ? 'rests' : 'asked again',
    'stopped after ms': stopped(steward),
  })
  const piped = await runPeerFault(fault, async (first) => ({
    ...(await startPassThrough(first)),
    headers: {},
  }))
  const other = portkey && (await runPeerFault(fault, portkeyTarget))
  peers.push({
    fault: fault.name,
    ...(other ? { ...shown('Portkey', other), again: again(other), stop: stopped(other) } : {}),
    ...shown('pass-through', piped),
  })
}
console.log('Steward (charged in nano-USD)')
console.table(own)
console.log('\nThe others')
console.table(peers)
portkey?.stop()
await database.close()

async function portkeyTarget(first: string, second: string) {
  const targets = [first, second].map((custom_host) => ({
    provider: 'openai',
    api_key: 'sk-mock',
    custom_host,
  }))
  const config = { strategy: { mode: 'fallback' }, targets }
  return { url: portkey?.url ?? '', headers: { 'x-portkey-config': JSON.stringify(config) } }
}

function shown(who: string, outcome: FaultOutcome): Record<string, unknown> {
  return { [who]: seen(outcome), [`${who} ms`]: Math.round(outcome.milliseconds) }
}

function seen(outcome: FaultOutcome): string {
  const { status, text, error, finish_reason: finish } = outcome
  if (outcome.hung) return `"${text.slice(0, 24)}" HANGS`
  if (status === 0) return 'connection broken'
  if (status !== 200) return `status ${status} ${error ?? ''}`
  if (outcome.left_at !== null) return 'left'
  if (error) return `"${text.slice(0, 24)}" then error ${error}`
  if (outcome.broken) return `"${text.slice(0, 24)}" then broken`
  if (!finish || !outcome.ended_with_done) return `"${text.slice(0, 24)}" ENDS SILENTLY`
  return `"${text.slice(0, 40)}" (${finish})`
}

function stopped(outcome: FaultOutcome): string {
  if (outcome.stopped_after_ms === null) return ''
  const { stopped_after_ms: ms } = outcome
  return Number.isFinite(ms) ? String(Math.round(ms)) : 'never'
}

function again(outcome: FaultOutcome): string {
  return outcome.first_calls_after === 0 ? 'rests' : 'asked again'
}
