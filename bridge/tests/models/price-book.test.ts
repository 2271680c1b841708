import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPriceBook } from '../../src/platform/models/index.ts'

const book = createPriceBook({ ceiling_usd_per_million: null })
const openai = { name: 'o', kind: 'openai' as const, base_url: null, api_key: null }
const now = new Date('2026-11-24T12:00:00Z')
const usage = (changes: object) => ({
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  provider_cost_usd: null,
  ...changes,
})

test('cached input is a part of the input and has its own price', () => {
  const price = book.price(openai, 'gpt-4.1', now)
  const cost = price?.cost(
    usage({ input_tokens: 1_000_000, cached_input_tokens: 400_000, output_tokens: 100_000 }),
  )
  // 0.6 at 2 dollars, 0.4 at 0.5, 0.1 at 8.
  expect(cost).toBe(2_200_000_000n)
})

test('a long prompt moves the whole call to the dearer tier', () => {
  const price = book.price(openai, 'gpt-5.4', now)
  expect(price?.cost(usage({ input_tokens: 271_999 }))).toBe(679_997_500n)
  expect(price?.cost(usage({ input_tokens: 272_000 }))).toBe(1_360_000_000n)
})

test('a price holds from its day on', () => {
  const of = (day: string) =>
    book.price(openai, 'gpt-5.6-luna', new Date(day))?.cost(usage({ input_tokens: 1_000 }))
  expect(of('2026-07-29T23:59:59Z')).toBe(1_000_000n)
  expect(of('2026-07-30T00:00:00Z')).not.toBe(1_000_000n)
})

test('only exact ids have a price; others are refused or cost the ceiling, never nothing', () => {
  for (const id of ['gpt-5.4-ultra', 'gpt-5', 'gpt-5 ', 'GPT-5', '']) {
    if (id !== 'gpt-5') expect(book.price(openai, id, now)).toBeNull()
  }
  const ceiling = createPriceBook({ ceiling_usd_per_million: 30 })
  const price = ceiling.price(openai, 'gpt-5.4-ultra', now)
  expect(price?.source).toBe('ceiling')
  expect(price?.cost(usage({ input_tokens: 1_000_000 }))).toBe(30_000_000_000n)
})

test('a local server is free only for the models its record names', () => {
  const ollama = {
    name: 'ollama',
    kind: 'openai_compatible' as const,
    base_url: 'http://127.0.0.1:11434/v1',
    api_key: null,
    free_models: ['qwen3:8b'],
  }
  expect(book.price(ollama, 'qwen3:8b', now)?.cost(usage({ input_tokens: 9_999 }))).toBe(0n)
  expect(book.price(ollama, 'qwen3:70b', now)).toBeNull()
})

test('the worst case is never less than any real usage of that size', () => {
  const ids = ['gpt-5.4', 'gpt-6-sol', 'gpt-4.1-mini', 'gpt-5.6-luna']
  fc.assert(
    fc.property(
      fc.constantFrom(...ids),
      fc.nat(600_000),
      fc.nat(100_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (id, input, output, used, cached) => {
        const price = book.price(openai, id, now)!
        const tokens = Math.floor(input * used)
        const real = usage({
          input_tokens: tokens,
          cached_input_tokens: Math.floor((tokens * cached) / 2),
          cache_write_tokens: Math.floor((tokens * (1 - cached)) / 2),
          output_tokens: Math.floor(output * used),
        })
        expect(price.cost(real) <= price.worst(input, output)).toBe(true)
      },
    ),
  )
})
