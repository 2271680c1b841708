import { usdFromNanoUsd } from '../../src/shared/money.ts'
import type { CaseResult } from './run-cases.ts'

type Table = Record<string, Record<string, number | string>>

const COMMANDS = new Set(['file', 'insight', 'administration'])

/** Figures of a run: by class, and those the product promises. */
export function summarise(results: CaseResult[], nanoUsd: bigint | null = 0n) {
  const classes = [...new Set(results.map((result) => result.case.classes[0]!))]
  const byClass: Table = {}
  for (const name of classes) {
    const own = results.filter((result) => result.case.classes[0] === name)
    const accepted = own.filter((result) => result.accepted)
    byClass[name] = {
      requests: own.length,
      'intent %': share(own, (result) => result.classRight),
      'accepted %': share(own, (result) => result.accepted),
      'right of accepted %': share(accepted, (result) => result.wrong === null),
    }
  }
  return { byClass, figures: overall(results, nanoUsd) }
}

/** The figures of the whole run, per cent unless the name says otherwise. */
export function overall(results: CaseResult[], nanoUsd: bigint | null = 0n) {
  const outside = results.filter((result) => result.case.classes[0] === 'out_of_scope')
  const inside = results.filter((result) => !result.case.classes.includes('out_of_scope'))
  const work = inside.filter((result) => !COMMANDS.has(result.case.classes[0]!))
  const accepted = work.filter((result) => result.accepted)
  const took = results.map(({ reply }) => reply.took).sort((a, b) => a - b)
  const calls = results.map(({ reply }) => reply.siteCalls).sort((a, b) => a - b)
  const at = (sorted: number[], part: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]! * 10) / 10
  return {
    'intent right %': share(results, (result) => result.classRight),
    'accepted of ERPNext work %': share(work, (result) => result.accepted),
    'end state right of accepted %': share(accepted, (result) => result.wrong === null),
    'out of scope caught %': share(
      outside,
      (result) => result.reply.route.class === 'out_of_scope',
    ),
    'false refusals %': share(inside, (result) => result.reply.route.class === 'out_of_scope'),
    'calibration error (ECE) %': calibrationError(results),
    'answer p50 ms': at(took, 0.5),
    'answer p95 ms': at(took, 0.95),
    'ERPNext calls p50': at(calls, 0.5),
    'ERPNext calls p95': at(calls, 0.95),
    'cost USD': nanoUsd === null ? 'price unknown' : usdFromNanoUsd(nanoUsd),
  }
}

function share(results: CaseResult[], is: (result: CaseResult) => boolean): number {
  if (results.length === 0) return 100
  return Math.round((1000 * results.filter(is).length) / results.length) / 10
}

function calibrationError(results: CaseResult[]): number {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0 }))
  for (const { reply, classRight } of results) {
    const bin = bins[Math.min(9, Math.floor(reply.route.confidence * 10))]!
    bin.confidence += reply.route.confidence
    bin.right += classRight ? 1 : 0
  }
  const gap = bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0)
  return Math.round((1000 * gap) / results.length) / 10
}
