import {
  ModelFailure,
  type ModelEvent,
  type ModelPort,
  type PriceBook,
} from '../../platform/models/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import { nanoUsdFromUsd, type NanoUsd } from '../../shared/money.ts'
import { Attempt, type AttemptResult } from './attempt.ts'
import { fullBudget, loweredBudget, type CallBudget } from './call-budget.ts'
import type { Candidate } from './candidates.ts'
import { fallbackRule } from './fallback.ts'
import type { InputEstimate } from './estimate.ts'
import type { CallDeadlines, GatewayCall, SettledEvent } from './gateway-call.ts'
import type { LatencyBoard } from './latency-board.ts'
import type { Ledger } from './ledger.ts'
import type { SpendingPort } from './ports.ts'
import type { RequestCount } from './request-count.ts'
import type { RestBoard } from './rest-board.ts'
import type { RouteHistory } from './route-history.ts'

export interface AttemptPorts {
  models: ModelPort
  prices: PriceBook
  spending: SpendingPort
  ledger: Ledger
  rests: RestBoard
  latencies: LatencyBoard
  history: RouteHistory
  clock: Clock
  ids: Ids
}

export interface AttemptOrder {
  call: GatewayCall
  candidate: Candidate
  input: InputEstimate
  deadlines: CallDeadlines
  remaining_ms: number
  /** The request this attempt is one of, which counts once. */
  request_count: RequestCount
  /** Prices the same tokens on the large tier; null when there is none. */
  large: Candidate | null
}

type Spend = Awaited<ReturnType<SpendingPort['begin']>>

/** An attempt with its money: reserved and on record before it is sent, settled however it ends. */
export class AccountedAttempt {
  readonly id: string
  readonly order: AttemptOrder
  readonly #ports: AttemptPorts
  readonly #attempt: Attempt
  readonly #spend: Spend
  readonly #startedAt: Date
  #settled: SettledEvent | null = null

  private constructor(order: AttemptOrder, ports: AttemptPorts, attempt: Attempt, spend: Spend) {
    this.id = spend.call_id
    this.order = order
    this.#ports = ports
    this.#attempt = attempt
    this.#spend = spend
    this.#startedAt = ports.clock.now()
  }

  /** Reserves and records the start; throws `budget_exceeded` or `quota_exceeded` and sends nothing. */
  static async begin(
    order: AttemptOrder,
    ports: AttemptPorts,
    signal: AbortSignal,
  ): Promise<AccountedAttempt> {
    const { budget, spend } = await reserve(order, ports)
    const attempt = new Attempt(
      {
        call: order.call,
        candidate: order.candidate,
        max_output_tokens: budget.max_output_tokens,
        likely_input_tokens: Math.ceil(order.input.likely),
        deadlines: order.deadlines,
        remaining_ms: order.remaining_ms,
      },
      ports.models,
      ports.clock,
      signal,
    )
    ports.rests.claimTrial(order.candidate.key)
    return new AccountedAttempt(order, ports, attempt, spend)
  }

  /** The provider's events, then `settled`. Throws ModelFailure; leaving it early settles it too. */
  async *events(): AsyncGenerator<ModelEvent | SettledEvent> {
    let finishReason: string | null = null
    try {
      for await (const event of this.#attempt.events()) {
        if (event.type === 'finish') {
          finishReason = event.reason
          this.#settle(null, finishReason)
        }
        yield event
      }
      if (this.#settled) yield this.#settled
    } catch (error) {
      const failure = asModelFailure(error, this.order.candidate.connection.name)
      this.#settle(failure, finishReason)
      throw failure
    } finally {
      this.#settle(null, finishReason)
    }
  }

  get begun(): boolean {
    return this.#attempt.begun
  }

  stop(reason: ModelFailure): void {
    this.#attempt.stop(reason)
  }

  #settle(failure: ModelFailure | null, finishReason: string | null): void {
    if (this.#settled) return
    const { candidate, call } = this.order
    const result = this.#attempt.result(failure, finishReason)
    const cost = result.charged ? candidate.price.cost(result.usage) : 0n
    const worked = cost > 0n || result.outcome === 'finished'
    const requests = worked ? this.order.request_count.claim() : 0
    this.#spend.settle({ requests, nano_usd: cost })
    this.#ports.ledger.add(ledgerRow(this, result, cost, this.#startedAt))
    this.#learn(failure, result)
    this.#settled = {
      type: 'settled',
      call_id: this.id,
      provider: candidate.connection.name,
      model: candidate.model,
      input_tokens: result.usage.input_tokens,
      output_tokens: result.usage.output_tokens,
      nano_usd: cost,
    }
    if (result.outcome === 'finished') {
      this.#ports.history.record(historyKey(call, candidate), result.usage.output_tokens)
    }
  }

  #learn(failure: ModelFailure | null, result: AttemptResult): void {
    const { rests, latencies } = this.#ports
    const { key } = this.order.candidate
    if (result.first_token_ms !== null) latencies.record(key, result.first_token_ms)
    if (failure && fallbackRule(failure.kind).rest) rests.failed(key, failure)
    else if (result.outcome === 'finished') rests.succeeded(key)
    else rests.endTrial(key)
  }
}

/** The full worst case when it fits, else one with less output; nothing when neither does. */
async function reserve(
  order: AttemptOrder,
  ports: AttemptPorts,
): Promise<{ budget: CallBudget; spend: Spend }> {
  const { call, candidate, input } = order
  const enough = ports.history.enoughOutput(historyKey(call, candidate), call.max_output_tokens)
  const full = fullBudget(call, candidate, input)
  const cap = call.cap_nano_usd
  const wanted =
    cap !== undefined && full.max_nano_usd > cap
      ? loweredBudget(call, candidate, input, cap, enough)
      : full
  try {
    return { budget: wanted, spend: await begin(order, ports, wanted) }
  } catch (error) {
    if (!(error instanceof StewardError) || error.code !== 'budget_exceeded') throw error
    const room = await ports.spending.headroom(call)
    if (room === null || room >= wanted.max_nano_usd) throw error
    const lowered = loweredBudget(call, candidate, input, room, enough)
    return { budget: lowered, spend: await begin(order, ports, lowered) }
  }
}

function begin(order: AttemptOrder, ports: AttemptPorts, budget: CallBudget): Promise<Spend> {
  const { call, candidate } = order
  return ports.spending.begin({
    site_id: call.site_id,
    team_id: call.team_id,
    person: call.person,
    requests: order.request_count.held,
    max_nano_usd: budget.max_nano_usd,
    longest_ms: order.remaining_ms,
    note: {
      request_id: call.request_id,
      purpose: call.purpose,
      provider: candidate.connection.name,
      model: candidate.model,
      tier: tierName(call),
    },
  })
}

function ledgerRow(
  attempt: AccountedAttempt,
  result: AttemptResult,
  cost: NanoUsd,
  startedAt: Date,
) {
  const { call, candidate, large } = attempt.order
  const reported = result.usage.provider_cost_usd
  return {
    id: attempt.id,
    site_id: call.site_id,
    team_id: call.team_id,
    person: call.person,
    request_id: call.request_id,
    purpose: call.purpose,
    doctype: call.doctype ?? null,
    api_key_id: call.api_key_id ?? null,
    provider: candidate.connection.name,
    model: candidate.model,
    tier: tierName(call),
    outcome: result.outcome,
    finish_reason: result.finish_reason,
    input_tokens: result.usage.input_tokens,
    cached_input_tokens: result.usage.cached_input_tokens,
    cache_write_tokens: result.usage.cache_write_tokens,
    output_tokens: result.usage.output_tokens,
    reasoning_tokens: result.usage.reasoning_tokens,
    nano_usd: cost,
    provider_nano_usd: reported === null ? null : nanoUsdFromUsd(reported),
    large_nano_usd: large && result.charged ? large.price.cost(result.usage) : cost,
    usage_source: result.usage_source,
    first_token_ms: result.first_token_ms === null ? null : Math.round(result.first_token_ms),
    total_ms: Math.round(result.total_ms),
    started_at: startedAt,
  }
}

function tierName(call: GatewayCall): string {
  return typeof call.tier === 'string' ? call.tier : 'exact'
}

function historyKey(call: GatewayCall, candidate: Candidate): string {
  return `${candidate.key}/${call.team_id}/${call.purpose}`
}

function asModelFailure(error: unknown, provider: string): ModelFailure {
  if (error instanceof ModelFailure) return error
  return new ModelFailure('connect', error instanceof Error ? error.message : 'The call failed.', {
    provider,
    cause: error,
  })
}
