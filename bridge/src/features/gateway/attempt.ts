import type { ModelFailure } from '../../platform/models/index.ts'
import {
  type ModelEvent,
  type ModelPort,
  type ModelRequest,
  type ModelUsage,
} from '../../platform/models/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { AttemptWatch } from './call-deadlines.ts'
import type { Candidate } from './candidates.ts'
import { estimateOutput } from './estimate.ts'
import { isToken, type CallDeadlines, type GatewayCall } from './gateway-call.ts'

export interface AttemptPlan {
  call: GatewayCall
  candidate: Candidate
  max_output_tokens: number
  likely_input_tokens: number
  deadlines: CallDeadlines
  remaining_ms: number
}

/** What is known of an attempt when it ends, however it ends. */
export interface AttemptResult {
  outcome: 'finished' | ModelFailure['kind']
  finish_reason: string | null
  usage: ModelUsage
  usage_source: 'provider' | 'estimated'
  first_token_ms: number | null
  total_ms: number
  /** False when the provider refused or never got the call: then nothing was generated. */
  charged: boolean
}

/** Failures of calls that a provider turned away before it worked on them. */
const NEVER_WORKED: ModelFailure['kind'][] = [
  'connect',
  'rate_limited',
  'overloaded',
  'server_error',
  'authentication',
  'out_of_credit',
  'context_too_long',
  'invalid_request',
  'model_not_found',
]

/** One call to one provider: streams its events and keeps count for the settlement. */
export class Attempt {
  readonly plan: AttemptPlan
  readonly #models: ModelPort
  readonly #clock: Clock
  readonly #watch: AttemptWatch
  readonly #started: number
  #firstToken: number | null = null
  #characters = 0
  #usage: ModelUsage | null = null
  #complete = false
  #items: ModelEvent[] = []

  constructor(plan: AttemptPlan, models: ModelPort, clock: Clock, signal: AbortSignal) {
    this.plan = plan
    this.#models = models
    this.#clock = clock
    this.#started = clock.monotonic()
    this.#watch = new AttemptWatch(
      plan.candidate.connection.name,
      plan.deadlines,
      plan.remaining_ms,
      signal,
    )
  }

  /**
   * Usage and what only the model itself reads are held back: before the first token another
   * provider may yet answer, and neither would be its own.
   */
  async *events(): AsyncGenerator<ModelEvent> {
    const { candidate } = this.plan
    const events = this.#models.stream(candidate.connection, this.#request(), this.#watch.signal)
    try {
      for await (const event of events) {
        if (event.type === 'usage') {
          this.#usage = event.usage
          continue
        }
        if (event.type === 'provider_item') {
          this.#items.push(event)
          continue
        }
        yield* this.#items.splice(0)
        if (event.type === 'finish') {
          this.#complete = true
          yield { type: 'usage', usage: this.#finalUsage() }
        } else if (isToken(event)) {
          this.#token(event)
        }
        yield event
      }
    } finally {
      this.#watch.release()
    }
  }

  get begun(): boolean {
    return this.#firstToken !== null
  }

  stop(reason: unknown): void {
    this.#watch.stop(reason)
    this.#watch.release()
  }

  result(failure: ModelFailure | null, finishReason: string | null): AttemptResult {
    const kind = failure?.kind ?? (this.#complete ? 'finished' : 'cancelled')
    const unworked = failure !== null && !this.begun && neverWorked(failure)
    const charged = !unworked || (this.#usage?.output_tokens ?? 0) > 0
    return {
      outcome: kind,
      finish_reason: finishReason,
      usage: charged ? this.#finalUsage() : NO_USAGE,
      usage_source: this.#usage && this.#complete ? 'provider' : 'estimated',
      first_token_ms: this.#firstToken,
      total_ms: this.#clock.monotonic() - this.#started,
      charged,
    }
  }

  #token(event: ModelEvent): void {
    this.#watch.token()
    this.#firstToken ??= this.#clock.monotonic() - this.#started
    if (event.type === 'tool_call_delta') this.#characters += event.arguments.length + 1
    else if ('text' in event) this.#characters += event.text.length
  }

  /** The provider's own figures; where a stream died first, never less than what was seen. */
  #finalUsage(): ModelUsage {
    const seen = estimateOutput(this.#characters)
    const said = this.#usage
    if (said && this.#complete) return said
    const output = Math.min(this.plan.max_output_tokens, Math.max(said?.output_tokens ?? 0, seen))
    return said
      ? { ...said, output_tokens: output }
      : { ...NO_USAGE, input_tokens: this.plan.likely_input_tokens, output_tokens: output }
  }

  #request(): ModelRequest {
    const { call, candidate } = this.plan
    return {
      model: candidate.model,
      messages: call.messages,
      tools: call.tools,
      tool_choice: call.tool_choice,
      max_output_tokens: this.plan.max_output_tokens,
      cache_prefix_messages: call.cache_prefix_messages,
      ...(call.output_schema ? { output_schema: call.output_schema } : {}),
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.stop === undefined ? {} : { stop: call.stop }),
    }
  }
}

/** A page instead of an answer came from something in front of the model. */
function neverWorked(failure: ModelFailure): boolean {
  const page = failure.kind === 'malformed_response' && failure.status !== null
  return page || NEVER_WORKED.includes(failure.kind)
}

const NO_USAGE: ModelUsage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  provider_cost_usd: null,
}
