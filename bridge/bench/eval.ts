/**
 * `npm run eval`: the evaluation sets on a sandbox, with the local planner alone, and with every
 * model whose provider has a key in the environment. `--verbose` lists what went wrong;
 * `--only=<text>` runs the cases whose id holds it; `--model-cases=<n>` asks a model at most so many
 * (60 when left out, spread over the unseen set).
 */
import { readCases, type EvaluationCase } from './evaluation/cases.ts'
import { openModels } from './evaluation/model-runs.ts'
import { runCases, type CaseResult } from './evaluation/run-cases.ts'
import { summarise } from './evaluation/summary.ts'

const verbose = process.argv.includes('--verbose')
const only = option('only') ?? ''
const modelCases = Number(option('model-cases') ?? 60)

for (const file of ['main', 'unseen', 'unseen-4', 'unseen-5', 'unseen-6', 'unseen-7'] as const) {
  const cases = readCases(file).filter(({ id }) => id.includes(only))
  if (cases.length === 0) continue
  show(
    `${file}.jsonl: ${cases.length} requests, local planner, no model`,
    await runCases(cases),
    0n,
  )
}

const { models, close } = await openModels()
if (models.length === 0)
  console.log('\nNo provider has a key in the environment: no model was asked.')
for (const { name, brain, spent } of models) {
  const cases = spread(
    readCases('unseen').filter(({ id }) => id.includes(only)),
    modelCases,
  )
  const results = await runCases(cases, brain)
  show(`unseen.jsonl: ${cases.length} requests, ${name}`, results, spent())
}
await close()

function show(title: string, results: CaseResult[], nanoUsd: bigint | null): void {
  const { byClass, figures } = summarise(results, nanoUsd)
  console.log(`\n${title}\n`)
  console.table(byClass)
  console.table(figures)
  if (verbose) for (const result of results) explain(result)
}

function explain({ case: one, reply, classRight, accepted, wrong }: CaseResult): void {
  if (classRight && accepted && wrong === null) return
  const handled = accepted
    ? 'accepted'
    : `not accepted (${reply.route.handler}, ${reply.passed ?? 'not passed'})`
  const route = classRight
    ? ''
    : ` read as ${reply.route.class} ${reply.route.confidence.toFixed(2)};`
  console.log(`${one.id} "${one.turns.join('" > "')}":${route} ${handled}; ${wrong ?? 'right'}`)
}

function spread(cases: EvaluationCase[], count: number): EvaluationCase[] {
  const step = Math.max(1, cases.length / count)
  return cases.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
}

function option(name: string): string | undefined {
  const start = `--${name}=`
  return process.argv.find((argument) => argument.startsWith(start))?.slice(start.length)
}
