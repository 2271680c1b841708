import { formatNumber } from '../../../../components/field-format.ts'
import type { ModelCall } from '../../data.ts'

/** "Finished", "Finished: length", or why it failed and what came of that. */
export function outcomeOf({ outcome, finish_reason }: ModelCall): string {
  const words = sentence(outcome)
  if (outcome !== 'finished') return words
  const plain = finish_reason === null || finish_reason === 'stop'
  return plain ? words : `${words}: ${sentence(finish_reason).toLowerCase()}`
}

/** Tokens by kind; kinds that did not occur are left out. */
export function tokensOf(call: ModelCall): string {
  const kinds: [number, string][] = [
    [call.cached_input_tokens, 'from cache'],
    [call.cache_write_tokens, 'into cache'],
    [call.reasoning_tokens, 'reasoning'],
  ]
  const parts = kinds
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${formatNumber(count)} ${name}`)
  const all = [`${formatNumber(call.input_tokens)} in`, `${formatNumber(call.output_tokens)} out`]
  const estimated = call.usage_source === 'estimated' ? ', estimated' : ''
  return `${[...all, ...parts].join(', ')}${estimated}`
}

function sentence(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
