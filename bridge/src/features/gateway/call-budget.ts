import { StewardError } from '../../shared/errors.ts'
import type { NanoUsd } from '../../shared/money.ts'
import type { Candidate } from './candidates.ts'
import type { InputEstimate } from './estimate.ts'
import type { GatewayCall } from './gateway-call.ts'

/** How much output a call may produce, and the most it can then cost. */
export interface CallBudget {
  max_output_tokens: number
  max_nano_usd: NanoUsd
}

/** The whole of what was asked, at its worst. */
export function fullBudget(
  call: GatewayCall,
  candidate: Candidate,
  input: InputEstimate,
): CallBudget {
  return budgetOf(candidate, input, call.max_output_tokens)
}

/**
 * The largest output whose worst case fits `room`, when that is at least `enough`; otherwise the
 * call is refused. Because it is the worst case that fits, the room is never exceeded.
 */
export function loweredBudget(
  call: GatewayCall,
  candidate: Candidate,
  input: InputEstimate,
  room: NanoUsd,
  enough: number,
): CallBudget {
  const fits = (output: number) => candidate.price.worst(input.most, output) <= room
  if (!fits(enough)) {
    throw new StewardError(
      'budget_exceeded',
      'What is left of the budget does not cover this call.',
      {
        details: { left_nano_usd: room.toString() },
      },
    )
  }
  let [low, high] = [enough, call.max_output_tokens]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return budgetOf(candidate, input, low)
}

function budgetOf(candidate: Candidate, input: InputEstimate, output: number): CallBudget {
  return {
    max_output_tokens: output,
    max_nano_usd: candidate.price.worst(input.most, output),
  }
}
