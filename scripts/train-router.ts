/**
 * Trains the router's linear model from the sentences in `routing/training/` and writes its weights.
 * Deterministic: the same text gives the same file. `node scripts/train-router.ts` prints accuracy
 * and calibration (ECE) on sentence patterns that were held out.
 */
import { writeFileSync } from 'node:fs'
import { expandPatterns, readPatterns, trainingVocabulary } from './router-training/sentences.ts'
import { expectedCalibrationError, fitTemperature } from './router-training/calibration.ts'
import { train, type Example } from './router-training/regression.ts'
import {
  correctSpelling,
  featuresOf,
  inPlainWords,
} from '../bridge/src/features/assistant/routing/index.ts'

const TARGET = new URL(
  '../bridge/src/features/assistant/routing/model/router-weights.json',
  import.meta.url,
)
const FOLDS = 5

const patterns = readPatterns()
const classes = [...new Set(patterns.map((pattern) => pattern.class))].sort()
const vocabulary = trainingVocabulary()

function examplesOf(chosen: typeof patterns, perPattern: number): Example[] {
  return expandPatterns(chosen, perPattern).map((sentence) => {
    // As the router reads a request.
    const text = inPlainWords(correctSpelling(sentence.text))
    const features = featuresOf(text, vocabulary.mentions(text))
    return { features, label: classes.indexOf(sentence.class) }
  })
}

/** Every fifth pattern is left out in turn, so that each is judged by a model that never saw it. */
const heldOut = Array.from({ length: FOLDS }, (_, fold) => {
  const isLeftOut = (_: unknown, index: number) => index % FOLDS === fold
  const model = train(
    examplesOf(
      patterns.filter((_, i) => !isLeftOut(_, i)),
      40,
    ),
    classes.length,
  )
  const judged = examplesOf(patterns.filter(isLeftOut), 6)
  return judged.map(({ features, label }) => ({ scores: model.scores(features), label }))
}).flat()
const temperature = fitTemperature(heldOut)
const right = heldOut.filter(({ scores, label }) => scores.indexOf(Math.max(...scores)) === label)
const model = train(examplesOf(patterns, 60), classes.length)
writeFileSync(TARGET, `${JSON.stringify({ classes, ...model.shipped(), temperature })}\n`)

console.table({
  patterns: patterns.length,
  'held-out sentences': heldOut.length,
  'held-out accuracy %': +((100 * right.length) / heldOut.length).toFixed(1),
  temperature: +temperature.toFixed(3),
  'ECE before %': +(100 * expectedCalibrationError(heldOut, 1)).toFixed(2),
  'ECE after %': +(100 * expectedCalibrationError(heldOut, temperature)).toFixed(2),
})
