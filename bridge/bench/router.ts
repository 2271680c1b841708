/**
 * `node bridge/bench/router.ts`: what one routing decision costs, over the evaluation requests with
 * the words of the sandbox's site and 5,000 names. Limit: 300 microseconds a request.
 */
import { readCases } from './evaluation/cases.ts'
import { sandboxWords } from './evaluation/run-cases.ts'
import {
  createNameFinder,
  createVocabulary,
  decide,
  shippedModel,
} from '../src/features/assistant/routing/index.ts'

const LIMIT_US = 300
const ROUNDS = 20

const texts = (['main', 'unseen', 'unseen-4', 'unseen-5', 'unseen-6', 'unseen-7'] as const)
  .flatMap(readCases)
  .map((one) => one.turns.at(-1)!)
const words = await sandboxWords()
const names = Array.from({ length: 5000 }, (_, index) => {
  const title = `Customer ${index.toString(36)} Trading ${index % 97}`
  return { doctype: 'Customer', name: `CUST-${index}`, title }
})
const model = shippedModel()
const built = performance.now()
const vocabulary = createVocabulary(words)
const finder = createNameFinder(names)
const vocabularyMs = performance.now() - built
const tiers = { small: true, large: true }
const took: number[] = []
let cpu = process.cpuUsage()
for (let round = 0; round < ROUNDS; round++) {
  if (round === 1) cpu = process.cpuUsage()
  for (const text of texts) {
    const started = performance.now()
    decide(
      { text, page: null, history: [], vocabulary, tiers, thresholds: {}, names: finder },
      model,
    )
    if (round > 0) took.push((performance.now() - started) * 1000)
  }
}
cpu = process.cpuUsage(cpu)
const cpuMean = Math.round((cpu.user + cpu.system) / took.length)
took.sort((a, b) => a - b)
const at = (part: number) => Math.round(took[Math.floor(part * took.length)]!)
const mean = Math.round(took.reduce((sum, value) => sum + value, 0) / took.length)
console.table({
  requests: took.length,
  'CPU us a request': cpuMean,
  'mean us': mean,
  'p50 us': at(0.5),
  'p99 us': at(0.99),
  'limit us': LIMIT_US,
  'vocabulary of 5,000 names, ms': Math.round(vocabularyMs),
  'RSS MB': Math.round(process.memoryUsage().rss / 1e6),
})
if (cpuMean > LIMIT_US) process.exitCode = 1
