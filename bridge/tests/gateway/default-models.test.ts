import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { providersFromEnvironment } from '../../src/features/gateway/index.ts'
import { createPriceBook } from '../../src/platform/models/index.ts'

const book = createPriceBook({ ceiling_usd_per_million: null })
const now = new Date('2026-11-24T12:00:00Z')
const providers = providersFromEnvironment({
  OPENAI_API_KEY: 'a',
  ANTHROPIC_API_KEY: 'b',
  XAI_API_KEY: 'c',
  STEWARD_SMALL_MODELS: [],
  STEWARD_LARGE_MODELS: [],
  STEWARD_FREE_MODELS: [],
})

test.each(providers)('every model used by default at $connection.name has a price', (provider) => {
  expect(provider.small_models.length * provider.large_models.length).toBeGreaterThan(0)
  for (const model of [...provider.small_models, ...provider.large_models]) {
    const price = book.price(provider.connection, model, now)
    expect(price?.source, model).toBe('book')
    expect(price?.context_window, model).toBeGreaterThanOrEqual(100_000)
  }
})

test.each(providers)('the small tier of $connection.name is the cheaper one', (provider) => {
  const cost = (model: string | undefined) =>
    book.price(provider.connection, model ?? '', now)?.worst(10_000, 1_000) ?? 0n
  expect(cost(provider.small_models[0])).toBeGreaterThan(0n)
  expect(cost(provider.small_models[0])).toBeLessThan(cost(provider.large_models[0]))
})

test('the price book says where its prices come from and of which day', () => {
  const file = new URL('../../src/platform/models/prices.json', import.meta.url)
  const { source, date } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  expect(source).toContain('genai-prices')
  expect(Date.parse(date ?? '')).toBeLessThanOrEqual(now.getTime())
})
