/**
 * `npm run eval`: the evaluation sets on a sandbox, with the local planner alone. `--verbose` lists
 * what went wrong; `--only=<text>` runs the cases whose id holds it.
 */
import { readCases } from './evaluation/cases.ts'
import { runCases } from './evaluation/run-cases.ts'
import { summarise } from './evaluation/summary.ts'

const verbose = process.argv.includes('--verbose')
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7) ?? ''

for (const file of ['main', 'unseen'] as const) {
  const cases = readCases(file).filter(({ id }) => id.includes(only))
  if (cases.length === 0) continue
  const results = await runCases(cases)
  const { byClass, figures } = summarise(results)
  console.log(`\n${file}.jsonl: ${cases.length} requests, local planner, no model\n`)
  console.table(byClass)
  console.table(figures)
  if (!verbose) continue
  for (const { case: one, reply, classRight, accepted, wrong } of results) {
    if (classRight && accepted && wrong === null) continue
    const handled = accepted
      ? 'accepted'
      : `not accepted (${reply.route.handler}, ${reply.passed ?? 'not passed'})`
    const route = classRight
      ? ''
      : ` read as ${reply.route.class} ${reply.route.confidence.toFixed(2)};`
    console.log(`${one.id} "${one.turns.join('" > "')}":${route} ${handled}; ${wrong ?? 'right'}`)
  }
}
