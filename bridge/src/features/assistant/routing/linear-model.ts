import type { RequestClass } from '../../../shared/assistant-protocol.ts'

/** Weights as they are shipped: one signed byte each, by class and bucket, with a scale per class. */
export interface ShippedModel {
  classes: RequestClass[]
  buckets: number
  scales: number[]
  biases: number[]
  /** Divides the scores so that the probabilities mean what they say; found on held-out sentences. */
  temperature: number
  /** Base64 of classes x buckets signed bytes. */
  weights: string
}

export interface ClassProbability {
  class: RequestClass
  confidence: number
}

export interface LinearModel {
  /** Calibrated probabilities, best first. */
  classify(features: number[]): ClassProbability[]
}

export function loadModel(shipped: ShippedModel): LinearModel {
  const bytes = Buffer.from(shipped.weights, 'base64')
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { classes, buckets, scales, biases, temperature } = shipped
  return {
    classify(features) {
      const norm = 1 / Math.sqrt(Math.max(1, features.length))
      const scores = classes.map((_, index) => {
        let sum = 0
        for (const feature of features) sum += weights[index * buckets + feature]!
        return (biases[index]! + sum * scales[index]! * norm) / temperature
      })
      return softmax(scores)
        .map((confidence, index) => ({ class: classes[index]!, confidence }))
        .sort((a, b) => b.confidence - a.confidence)
    },
  }
}

export function softmax(scores: number[]): number[] {
  const most = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - most))
  const sum = powers.reduce((all, power) => all + power, 0)
  return powers.map((power) => power / sum)
}
