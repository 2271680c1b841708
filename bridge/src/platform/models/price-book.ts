import { readFileSync } from 'node:fs'
import type { NanoUsd } from '../../shared/money.ts'
import type { ModelUsage, ProviderConnection } from './model-port.ts'
import { remembered } from './remembered.ts'

/** USD per million tokens. Null cache figures mean that the provider charges plain input. */
export interface BookRates {
  input: number
  cached_input: number | null
  cache_write: number | null
  output: number
}

export interface BookPrice extends BookRates {
  /** First day it holds, `YYYY-MM-DD`; null from the beginning. */
  from: string | null
  /** Rates of the whole call once its prompt is longer than `input_tokens`; ascending. */
  above?: (BookRates & { input_tokens: number })[]
  web_search_usd_per_1000?: number
}

export interface BookModel {
  /** Exact ids; a longer or shorter id is another model. */
  ids: string[]
  context_window: number | null
  prices: BookPrice[]
}

export interface PriceBookData {
  source: string
  date: string
  providers: Record<string, BookModel[]>
}

/** What one model costs at one moment. */
export interface ModelPrice {
  context_window: number | null
  /** Where the price comes from. */
  source: 'book' | 'free' | 'ceiling'
  /** The cost of a call with this usage, rounded up to a whole nano-dollar. */
  cost(usage: ModelUsage): NanoUsd
  /** The most a call of at most these sizes can cost, however its input is cached. */
  worst(inputTokens: number, outputTokens: number): NanoUsd
}

export interface PriceBook {
  /** Null when the price is unknown and no ceiling is set: then the model may not be called. */
  price(connection: ProviderConnection, model: string, now: Date): ModelPrice | null
}

export interface PriceBookOptions {
  /** Dollars per million tokens, in and out, to assume for a model without a known price. */
  ceiling_usd_per_million: number | null
}

const HOSTS: [RegExp, string][] = [
  [/(^|\.)googleapis\.com$/, 'google'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
  [/\.azure\.com$/, 'azure'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)mistral\.ai$/, 'mistral'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)together\.(xyz|ai)$/, 'together'],
  [/(^|\.)fireworks\.ai$/, 'fireworks'],
  [/(^|\.)cerebras\.ai$/, 'cerebras'],
  [/(^|\.)openai\.com$/, 'openai'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
  [/(^|\.)x\.ai$/, 'xai'],
]

/** The book that ships with Steward (`prices.json`). */
export function createPriceBook(options: PriceBookOptions): PriceBook {
  const data = JSON.parse(
    readFileSync(new URL('./prices.json', import.meta.url), 'utf8'),
  ) as PriceBookData
  const index = new Map(
    Object.entries(data.providers).flatMap(([provider, models]) =>
      models.flatMap((model) => model.ids.map((id) => [`${provider}/${id}`, model] as const)),
    ),
  )
  return {
    price: (connection, model, now) => {
      if (connection.free_models?.includes(model)) return FREE
      const known = index.get(`${providerOf(connection)}/${model}`)
      const entry = known && priceAt(known.prices, now)
      if (known && entry) return priced(entry, known.context_window, 'book')
      const ceiling = options.ceiling_usd_per_million
      return ceiling === null ? null : priced(ceilingEntry(ceiling), null, 'ceiling')
    },
  }
}

const FREE: ModelPrice = {
  context_window: null,
  source: 'free',
  cost: () => 0n,
  worst: () => 0n,
}

/** Whose prices hold at this connection: its kind's, or those of the host it is at. */
function providerOf(connection: ProviderConnection): string {
  if (connection.base_url === null) return connection.kind
  return providerAt(connection.base_url)
}

const providerAt = remembered((url) => {
  const host = new URL(url).hostname
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? 'unknown'
})

/** The newest price in force; day borders are UTC. */
function priceAt(prices: BookPrice[], now: Date): BookPrice | undefined {
  const today = now.toISOString().slice(0, 10)
  return prices
    .filter((price) => price.from === null || price.from <= today)
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? 1 : -1))[0]
}

function ceilingEntry(usd: number): BookPrice {
  return { from: null, input: usd, cached_input: null, cache_write: null, output: usd }
}

/** Nano-dollars per million tokens: whole numbers, so sums are exact. */
interface NanoRates {
  above: number
  input: bigint
  cached_input: bigint
  cache_write: bigint
  output: bigint
}

function priced(
  entry: BookPrice,
  contextWindow: number | null,
  source: ModelPrice['source'],
): ModelPrice {
  const tiers = [
    nanoRates(entry, -1),
    ...(entry.above ?? []).map((tier) => nanoRates(tier, tier.input_tokens)),
  ]
  const tierOf = (input: number): NanoRates =>
    tiers.findLast((tier) => input > tier.above) ?? (tiers[0] as NanoRates)
  return {
    context_window: contextWindow,
    source,
    cost: (usage) => {
      const rates = tierOf(usage.input_tokens)
      const cached = BigInt(usage.cached_input_tokens)
      const written = BigInt(usage.cache_write_tokens)
      const plain = BigInt(usage.input_tokens) - cached - written
      return perMillion(
        (plain > 0n ? plain : 0n) * rates.input +
          cached * rates.cached_input +
          written * rates.cache_write +
          BigInt(usage.output_tokens) * rates.output,
      )
    },
    worst: (inputTokens, outputTokens) => {
      const rates = tierOf(inputTokens)
      const dearest = rates.cache_write > rates.input ? rates.cache_write : rates.input
      return perMillion(BigInt(inputTokens) * dearest + BigInt(outputTokens) * rates.output)
    },
  }
}

function nanoRates(rates: BookRates, above: number): NanoRates {
  const nano = (usd: number): bigint => BigInt(Math.round(usd * 1e9))
  return {
    above,
    input: nano(rates.input),
    cached_input: nano(rates.cached_input ?? rates.input),
    cache_write: nano(rates.cache_write ?? rates.input),
    output: nano(rates.output),
  }
}

function perMillion(amount: bigint): NanoUsd {
  return (amount + 999_999n) / 1_000_000n
}
