import { ModelFailure } from '../../platform/models/index.ts'
import { AccountedAttempt, type AttemptOrder, type AttemptPorts } from './accounted-attempt.ts'
import { candidatesFor, type Candidate } from './candidates.ts'
import { createDataRules } from './data-rules.ts'
import { estimateInput } from './estimate.ts'
import { fallbackRule } from './fallback.ts'
import type { CallDeadlines, GatewayCall, GatewayEvent } from './gateway-call.ts'
import { hedged } from './hedge.ts'
import type { ProviderSource } from './providers.ts'
import { RequestCount } from './request-count.ts'

export interface GatewayOptions {
  deadlines: CallDeadlines
  /** Longest a call waits for a provider that asked for a pause, when no other is healthy. */
  patience_ms: number
  /** Most attempts of one call. */
  attempts: number
  /** A second small-tier call starts when the first has no token after this long; null: never. */
  hedge_after_ms: number | null
}

/** Model calls for whoever needs one: choice, fallback, deadlines, money and the ledger. */
export interface ModelGateway {
  tiers(site_id: string, team_id: string): Promise<{ small: boolean; large: boolean }>
  /**
   * Streams one answer and ends with `finish` and `settled`. Throws StewardErrors: `budget_exceeded`,
   * `quota_exceeded`, `no_model_available`, `price_unknown`, `context_too_long`, and ModelFailure.
   */
  stream(call: GatewayCall, signal: AbortSignal): AsyncIterable<GatewayEvent>
}

export interface GatewayPorts extends AttemptPorts {
  providers: ProviderSource
}

export function createModelGateway(ports: GatewayPorts, options: GatewayOptions): ModelGateway {
  return {
    tiers: async (siteId) => {
      const providers = await ports.providers(siteId)
      return {
        small: providers.some((provider) => provider.small_models.length > 0),
        large: providers.some((provider) => provider.large_models.length > 0),
      }
    },
    stream: (call, signal) => streamCall(call, signal, ports, options),
  }
}

async function* streamCall(
  call: GatewayCall,
  signal: AbortSignal,
  ports: GatewayPorts,
  options: GatewayOptions,
): AsyncGenerator<GatewayEvent> {
  const run = await CallRun.prepare(call, signal, ports, options)
  for (;;) {
    const attempts = await run.next()
    const source = hedged(attempts, options.hedge_after_ms)
    let begun = false
    try {
      for await (const event of source) {
        begun ||= event.type !== 'settled'
        yield event
      }
      return
    } catch (error) {
      if (begun || !(error instanceof ModelFailure)) throw error
      run.failed(error)
    }
  }
}

/** The state of one call over its attempts. */
class CallRun {
  readonly #call: GatewayCall
  readonly #signal: AbortSignal
  readonly #ports: GatewayPorts
  readonly #options: GatewayOptions
  readonly #candidates: Candidate[]
  readonly #large: Candidate | null
  readonly #startedAt: number
  readonly #deadlines: CallDeadlines
  #attempts = 0
  #tried: Candidate | null = null
  #failure: ModelFailure | null = null
  readonly #excluded = new Set<string>()
  readonly #requestCount: RequestCount

  private constructor(
    call: GatewayCall,
    signal: AbortSignal,
    ports: GatewayPorts,
    options: GatewayOptions,
    candidates: Candidate[],
    large: Candidate | null,
  ) {
    this.#call = call
    this.#signal = signal
    this.#ports = ports
    this.#options = options
    this.#candidates = candidates
    this.#large = large
    this.#startedAt = ports.clock.monotonic()
    this.#deadlines = { ...options.deadlines, ...call.deadlines }
    this.#requestCount = new RequestCount(call.counts_as_request === true)
  }

  static async prepare(
    call: GatewayCall,
    signal: AbortSignal,
    ports: GatewayPorts,
    options: GatewayOptions,
  ): Promise<CallRun> {
    const providers = await ports.providers(call.site_id)
    const input = estimateInput(call)
    const find = (wanted: GatewayCall) =>
      candidatesFor(
        wanted,
        call.site_id,
        providers,
        ports.prices,
        input,
        (key) => ports.latencies.of(key),
        ports.clock.now(),
      )
    const candidates = find(call)
    await ports.rests.refresh(candidates.map((candidate) => candidate.key))
    return new CallRun(call, signal, ports, options, candidates, largeOf(call, find))
  }

  /** The next attempt, and for the small tier how to begin a second one beside it. */
  async next(): Promise<{
    first: AccountedAttempt
    second: (() => Promise<AccountedAttempt>) | null
  }> {
    const candidate = await this.#choose()
    this.#tried = candidate
    this.#attempts += 1
    const first = await this.#begin(candidate)
    const other = this.#call.tier === 'small' ? this.#healthy(candidate) : undefined
    return { first, second: other ? () => this.#begin(other) : null }
  }

  /** Notes a failure before the first token; throws it when nothing else may be tried. */
  failed(failure: ModelFailure): void {
    const rule = fallbackRule(failure.kind)
    if (!rule.next || this.#attempts >= this.#options.attempts || !this.#tried) throw failure
    this.#failure = failure
    if (rule.larger_window) this.#excludeUpTo(this.#tried)
  }

  #begin(candidate: Candidate): Promise<AccountedAttempt> {
    const call = callFor(this.#call, candidate)
    const order: AttemptOrder = {
      call,
      candidate,
      input: estimateInput(call),
      deadlines: this.#deadlines,
      remaining_ms: this.#remaining(),
      request_count: this.#requestCount,
      large: this.#large,
    }
    return AccountedAttempt.begin(order, this.#ports, this.#signal)
  }

  /**
   * The best one that is not resting. When all rest, the one whose rest ends first is waited for,
   * if that is soon; otherwise the person hears at once what the last failure was.
   */
  async #choose(): Promise<Candidate> {
    const healthy = this.#healthy(null)
    if (healthy) return healthy
    const waiting = this.#open()
      .map((candidate) => ({ candidate, rest: this.#ports.rests.restOf(candidate.key) }))
      .sort((a, b) => a.rest - b.rest)[0]
    const patience = Math.min(this.#options.patience_ms, this.#remaining() / 2)
    if (!waiting || waiting.rest > patience) throw this.#failure ?? this.#allResting(waiting?.rest)
    await pause(waiting.rest, this.#signal, waiting.candidate.connection.name)
    return waiting.candidate
  }

  #healthy(besides: Candidate | null): Candidate | undefined {
    return this.#open().find(
      (candidate) => candidate !== besides && this.#ports.rests.restOf(candidate.key) === 0,
    )
  }

  #open(): Candidate[] {
    return this.#candidates.filter((candidate) => !this.#excluded.has(candidate.key))
  }

  #excludeUpTo(tooSmall: Candidate): void {
    const window = tooSmall.price.context_window ?? 0
    for (const candidate of this.#candidates) {
      const same = candidate.key === tooSmall.key
      if (same || (candidate.price.context_window ?? window + 1) <= window) {
        this.#excluded.add(candidate.key)
      }
    }
  }

  #remaining(): number {
    const spent = this.#ports.clock.monotonic() - this.#startedAt
    return Math.max(0, this.#deadlines.total_ms - spent)
  }

  #allResting(restMs = 0): ModelFailure {
    const name = this.#candidates[0]?.connection.name ?? 'The provider'
    return new ModelFailure('overloaded', 'Every model of this tier is being left alone for now.', {
      provider: name,
      retry_after_ms: restMs,
    })
  }
}

/** The call as this provider may see it: what leaves is decided by whom it goes to. */
function callFor(call: GatewayCall, candidate: Candidate): GatewayCall {
  if (!call.messages_for) return call
  return { ...call, messages: call.messages_for(createDataRules(candidate.withheld)) }
}

/** The large tier's first model, for "what it would have cost". */
function largeOf(call: GatewayCall, find: (wanted: GatewayCall) => Candidate[]): Candidate | null {
  if (call.tier === 'large') return null
  try {
    return find({ ...call, tier: 'large' })[0] ?? null
  } catch {
    // No large tier, or none with a price: then there is nothing to compare with.
    return null
  }
}

function pause(milliseconds: number, signal: AbortSignal, provider: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => {
      clearTimeout(timer)
      reject(new ModelFailure('cancelled', 'The model call was stopped.', { provider }))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stopped)
      resolve()
    }, milliseconds)
    if (signal.aborted) stopped()
    else signal.addEventListener('abort', stopped, { once: true })
  })
}
