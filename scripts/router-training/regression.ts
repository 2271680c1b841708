import {
  FEATURE_BITS,
  softmax,
  type ShippedModel,
} from '../../bridge/src/features/assistant/routing/index.ts'
import { createRandom } from './random.ts'

export interface Example {
  features: number[]
  label: number
}

export interface Trained {
  scores(features: number[]): number[]
  /** Quantised to a byte a weight. */
  shipped(): Pick<ShippedModel, 'buckets' | 'scales' | 'biases' | 'weights'>
}

const EPOCHS = 8
const RATE = 0.5
const DECAY = 2e-5

/** Multinomial logistic regression by AdaGrad over sparse binary features of unit length. */
export function train(examples: Example[], classCount: number): Trained {
  const buckets = 1 << FEATURE_BITS
  const weights = new Float32Array(classCount * buckets)
  const squares = new Float32Array(classCount * buckets).fill(1e-6)
  const biases = new Float32Array(classCount)
  const counts = new Float32Array(classCount)
  for (const { label } of examples) counts[label]! += 1
  const balance = (label: number) => Math.sqrt(examples.length / (classCount * counts[label]!))
  const scores = (features: number[]) => scoresOf(features, weights, biases, buckets, classCount)
  const order = examples.map((_, index) => index)
  const random = createRandom('order of examples')
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random.next)
    for (const index of order) {
      const { features, label } = examples[index]!
      const chances = softmax(scores(features))
      const norm = 1 / Math.sqrt(features.length)
      for (let c = 0; c < classCount; c++) {
        const error = (chances[c]! - (c === label ? 1 : 0)) * balance(label)
        biases[c]! -= 0.01 * error
        if (Math.abs(error) < 1e-4) continue
        for (const feature of features) {
          const at = c * buckets + feature
          const gradient = error * norm + DECAY * weights[at]!
          squares[at]! += gradient * gradient
          weights[at]! -= (RATE * gradient) / Math.sqrt(squares[at]!)
        }
      }
    }
  }
  return { scores, shipped: () => quantised(weights, biases, buckets, classCount) }
}

function scoresOf(
  features: number[],
  weights: Float32Array,
  biases: Float32Array,
  buckets: number,
  classCount: number,
): number[] {
  const norm = 1 / Math.sqrt(Math.max(1, features.length))
  return Array.from({ length: classCount }, (_, c) => {
    let sum = 0
    for (const feature of features) sum += weights[c * buckets + feature]!
    return biases[c]! + sum * norm
  })
}

function quantised(
  weights: Float32Array,
  biases: Float32Array,
  buckets: number,
  classCount: number,
) {
  const bytes = new Int8Array(weights.length)
  const scales = Array.from({ length: classCount }, (_, c) => {
    const row = weights.subarray(c * buckets, (c + 1) * buckets)
    const most = row.reduce((max, weight) => Math.max(max, Math.abs(weight)), 1e-9)
    const scale = most / 127
    row.forEach((weight, index) => (bytes[c * buckets + index] = Math.round(weight / scale)))
    return Number(scale.toPrecision(6))
  })
  return {
    buckets,
    scales,
    biases: [...biases].map((bias) => Number(bias.toPrecision(6))),
    weights: Buffer.from(bytes.buffer).toString('base64'),
  }
}

function shuffle(values: number[], next: () => number): void {
  for (let index = values.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1))
    const kept = values[index]!
    values[index] = values[other]!
    values[other] = kept
  }
}
