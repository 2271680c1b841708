import { softmax } from '../../bridge/src/features/assistant/routing/index.ts'

export interface Judged {
  scores: number[]
  label: number
}

/** The temperature with the least negative log-likelihood on held-out sentences. */
export function fitTemperature(judged: Judged[]): number {
  let best = { temperature: 1, loss: Infinity }
  for (let temperature = 0.3; temperature < 4; temperature *= 1.03) {
    const loss = judged.reduce(
      (sum, { scores, label }) =>
        sum - Math.log(Math.max(1e-9, probabilities(scores, temperature)[label]!)),
      0,
    )
    if (loss < best.loss) best = { temperature, loss }
  }
  return best.temperature
}

const BINS = 10

/** Mean gap between confidence and accuracy over ten bins of confidence, weighted by size. */
export function expectedCalibrationError(judged: Judged[], temperature: number): number {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, right: 0, confidence: 0 }))
  for (const { scores, label } of judged) {
    const chances = probabilities(scores, temperature)
    const confidence = Math.max(...chances)
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!
    bin.count++
    bin.confidence += confidence
    if (chances.indexOf(confidence) === label) bin.right++
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / judged.length
}

function probabilities(scores: number[], temperature: number): number[] {
  return softmax(scores.map((score) => score / temperature))
}
