/**
 * Compares the price book with @pydantic/genai-prices and prints where they differ; `--write`
 * brings the book up to date. Only exact model ids are taken over: a prefix would price a newer,
 * unknown model as an older one.
 */
import { readFile, writeFile } from 'node:fs/promises'
import {
  findProvider,
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice,
  type Provider,
} from '@pydantic/genai-prices'
import type {
  BookModel,
  BookPrice,
  BookRates,
  PriceBookData,
} from '../bridge/src/platform/models/price-book.ts'

const FILE = new URL('../bridge/src/platform/models/prices.json', import.meta.url)
const PROVIDERS: Record<string, string> = {
  openai: 'openai',
  anthropic: 'anthropic',
  'x-ai': 'xai',
  google: 'google',
  azure: 'azure',
  openrouter: 'openrouter',
  groq: 'groq',
  mistral: 'mistral',
  deepseek: 'deepseek',
  together: 'together',
  fireworks: 'fireworks',
  cerebras: 'cerebras',
}

const current = currentPrices()
if (process.argv.includes('--write')) {
  await writeFile(FILE, `${JSON.stringify(current, null, 2)}\n`)
  console.log(`Wrote ${count(current)} models.`)
} else {
  process.exitCode = report(JSON.parse(await readFile(FILE, 'utf8')) as PriceBookData)
}

function currentPrices(): PriceBookData {
  const providers = Object.entries(PROVIDERS).flatMap(([theirs, ours]) => {
    const provider = findProvider({ providerId: theirs })
    return provider ? [[ours, booked(provider)] as const] : []
  })
  return {
    source: '@pydantic/genai-prices 0.1.8 (MIT), from the providers’ price pages',
    date: new Date().toISOString().slice(0, 10),
    providers: Object.fromEntries(providers),
  }
}

function booked(provider: Provider): BookModel[] {
  return provider.models.flatMap((model) => {
    const prices = conditional(model).flatMap(toBookPrice)
    const ids = [...new Set([model.id, ...exactIds(model.match)])].sort()
    if (prices.length === 0) return []
    return [{ ids, context_window: model.context_window ?? null, prices }]
  })
}

function conditional(model: ModelInfo): ConditionalPrice[] {
  return Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]
}

/** Only what is sold by text tokens; a price by the time of day counts at any time. */
function toBookPrice(price: ConditionalPrice): BookPrice[] {
  const base = rates(price.prices, 0)
  if (base === null) return []
  const from = price.constraint?.type === 'start_date' ? price.constraint.start_date : null
  const above = tierStarts(price.prices).flatMap((start) => {
    const tier = rates(price.prices, start)
    return tier ? [{ input_tokens: start, ...tier }] : []
  })
  const searches = price.prices['web_searches_kcount']
  const fee = typeof searches === 'number' ? { web_search_usd_per_1000: searches } : {}
  return [{ from, ...base, ...(above.length > 0 ? { above } : {}), ...fee }]
}

function rates(price: ModelPrice, start: number): BookRates | null {
  const input = rate(price['input_mtok'], start)
  const output = rate(price['output_mtok'], start)
  if (input === null || output === null) return null
  return {
    input,
    cached_input: rate(price['cache_read_mtok'], start),
    cache_write: rate(price['cache_write_mtok'], start),
    output,
  }
}

function rate(value: ModelPrice[string], start: number): number | null {
  if (value === undefined) return null
  if (typeof value === 'number') return value
  return value.tiers.findLast((tier) => tier.start <= start)?.price ?? value.base
}

function tierStarts(price: ModelPrice): number[] {
  const starts = Object.values(price).flatMap((value) =>
    typeof value === 'object' ? value.tiers.map((tier) => tier.start) : [],
  )
  return [...new Set(starts)].filter((start) => start > 0).sort((a, b) => a - b)
}

function exactIds(match: MatchLogic): string[] {
  if ('equals' in match) return [match.equals]
  if ('or' in match) return match.or.flatMap(exactIds)
  return []
}

/** Prints each difference; 1 when there is any. */
function report(book: PriceBookData): number {
  const [ours, theirs] = [byId(book), byId(current)]
  const lines = [...new Set([...ours.keys(), ...theirs.keys()])].sort().flatMap((id) => {
    const [here, there] = [ours.get(id), theirs.get(id)]
    if (here === there) return []
    if (here === undefined) return [`+ ${id}  new: ${there}`]
    if (there === undefined) return [`- ${id}  no longer listed`]
    return [`~ ${id}\n    book   ${here}\n    source ${there}`]
  })
  for (const line of lines) console.log(line)
  console.log(
    lines.length === 0
      ? `No drift: ${ours.size} model ids as of ${book.date}.`
      : `${lines.length} differences; \`npm run prices:check -- --write\` takes them over.`,
  )
  return lines.length === 0 ? 0 : 1
}

function byId(book: PriceBookData): Map<string, string> {
  return new Map(
    Object.entries(book.providers).flatMap(([provider, models]) =>
      models.flatMap((model) =>
        model.ids.map((id) => [`${provider}/${id}`, JSON.stringify(model.prices)] as const),
      ),
    ),
  )
}

function count(book: PriceBookData): number {
  return Object.values(book.providers).reduce((sum, models) => sum + models.length, 0)
}
