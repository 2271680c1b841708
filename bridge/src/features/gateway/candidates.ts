import type { ModelPrice, PriceBook, ProviderConnection } from '../../platform/models/index.ts'
import { StewardError } from '../../shared/errors.ts'
import type { InputEstimate } from './estimate.ts'
import type { GatewayCall } from './gateway-call.ts'
import type { GatewayProvider } from './providers.ts'

/** One model at one provider that could answer a call. */
export interface Candidate {
  /** Names it on the rest board and among latencies. */
  key: string
  connection: ProviderConnection
  model: string
  price: ModelPrice
  priority: number
  /** Place in the provider's own list. */
  position: number
  /** What may not leave for this provider. */
  withheld: string[]
}

/** Milliseconds to the first token, as measured; null when never called. */
export type MeasuredLatency = (key: string) => number | null

interface Listed {
  connection: ProviderConnection
  model: string
  priority: number
  position: number
  withheld: string[]
}

/**
 * Everything that could answer, best first: the operator's order decides, and among equals the
 * cheaper and faster. Throws `no_model_available`, `price_unknown` or `context_too_long` when
 * nothing is left.
 */
export function candidatesFor(
  call: GatewayCall,
  siteId: string,
  providers: GatewayProvider[],
  prices: PriceBook,
  input: InputEstimate,
  latency: MeasuredLatency,
  now: Date,
): Candidate[] {
  const listed = providers.flatMap((provider) => listedModels(provider, call.tier))
  if (listed.length === 0) throw noModel(call)
  const priced = listed.flatMap((entry) => {
    const price = prices.price(entry.connection, entry.model, now)
    const key = `${siteId}/${entry.connection.name}/${entry.model}`
    return price ? [{ ...entry, key, price }] : []
  })
  if (priced.length === 0) throw unknownPrice(listed)
  const fitting = priced.filter((candidate) => fitsWindow(candidate, input, call))
  if (fitting.length === 0) {
    throw new StewardError('context_too_long', 'The conversation is too long for every model.')
  }
  return fitting.sort((a, b) => compare(a, b, score(a, input, latency), score(b, input, latency)))
}

function listedModels(provider: GatewayProvider, tier: GatewayCall['tier']): Listed[] {
  const { connection, priority, withheld = [] } = provider
  if (tier === 'small' || tier === 'large') {
    const models = tier === 'small' ? provider.small_models : provider.large_models
    return models.map((model, position) => ({ connection, model, priority, position, withheld }))
  }
  const all = [...new Set([...provider.small_models, ...provider.large_models])]
  return all
    .filter((model) => tier.model === model || tier.model === `${connection.name}/${model}`)
    .map((model, position) => ({ connection, model, priority, position, withheld }))
}

function fitsWindow(candidate: Candidate, input: InputEstimate, call: GatewayCall): boolean {
  const window = candidate.price.context_window
  return window === null || input.likely + Math.min(call.max_output_tokens, 1_024) <= window
}

/** Expected cost weighed by expected wait: a second to the first token is worth a third more money. */
function score(candidate: Candidate, input: InputEstimate, latency: MeasuredLatency): number {
  const cost = Number(candidate.price.worst(Math.ceil(input.likely), 400)) + 1
  return cost * (1 + (latency(candidate.key) ?? 0) / 3_000)
}

function compare(a: Candidate, b: Candidate, scoreA: number, scoreB: number): number {
  return a.priority - b.priority || a.position - b.position || scoreA - scoreB
}

function noModel(call: GatewayCall): StewardError {
  if (typeof call.tier === 'object') {
    return new StewardError('not_found', `No provider here offers the model ${call.tier.model}.`, {
      details: { model: call.tier.model },
    })
  }
  return new StewardError('no_model_available', `No model is set up for the ${call.tier} tier.`)
}

function unknownPrice(listed: Listed[]): StewardError {
  const models = listed.map((entry) => `${entry.connection.name}/${entry.model}`)
  return new StewardError(
    'price_unknown',
    `The price of ${models.join(', ')} is not known, so it is not called. The operator can set a ceiling.`,
    { details: { models } },
  )
}
