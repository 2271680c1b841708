/**
 * The fault table: two upstreams, the first one failing. Prints what the caller saw, what was
 * charged and how long it took. Deadlines of this run: 400 ms to the first token and between tokens.
 */
import { FAULT_CASES } from './gateway-fault-cases.ts'
import { runFault, type FaultOutcome } from './gateway-fault-run.ts'
import { openGatewayDatabase } from './gateway-stack.ts'

const database = await openGatewayDatabase()
const rows = []
for (const fault of FAULT_CASES) {
  const outcome = await runFault(fault, database)
  rows.push({
    fault: fault.name,
    'caller saw': seen(outcome),
    'charged (nano-USD)': outcome.ledger.map((row) => `${row.provider} ${row.nano_usd}`).join(', '),
    ms: Math.round(outcome.milliseconds),
    'asked again': outcome.first_calls_after === 0 ? 'first one rests' : 'first one again',
    'upstream stopped (ms)':
      outcome.stopped_after_ms === null ? '' : Math.round(outcome.stopped_after_ms),
  })
}
console.table(rows)
await database.close()

function seen(outcome: FaultOutcome): string {
  if (outcome.status !== 200) return `status ${outcome.status} ${outcome.error}`
  const end = outcome.error ? `then error ${outcome.error}` : `(${outcome.finish_reason ?? 'left'})`
  return `"${outcome.text.slice(0, 40)}" ${end}`
}
