import type {
  Response,
  ResponseOutputItem,
  ResponseReasoningItem,
  ResponseStreamEvent,
  ResponseUsage,
} from 'openai/resources/responses/responses'
import { classifyFailure } from './classify-failure.ts'
import type { ModelFailure } from './model-failure.ts'
import type { FinishReason, ModelEvent, ModelUsage } from './model-port.ts'

/** Turns the events of one Responses stream into Steward's; throws ModelFailure for `error` and `response.failed`. */
export class ResponsesReader {
  readonly #provider: string
  readonly #model: string
  readonly #requestId: string | null
  readonly #names = new Map<number, { id: string; name: string }>()
  #calls = 0
  #refused = false

  constructor(provider: string, model: string, requestId: string | null) {
    this.#provider = provider
    this.#model = model
    this.#requestId = requestId
  }

  read(event: ResponseStreamEvent): ModelEvent[] {
    switch (event.type) {
      case 'response.output_text.delta':
        return event.delta === '' ? [] : [{ type: 'text', text: event.delta }]
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return event.delta === '' ? [] : [{ type: 'reasoning', text: event.delta }]
      case 'response.refusal.delta':
        this.#refused = true
        return [{ type: 'refusal', text: event.delta }]
      case 'response.output_item.added':
        return this.#itemAdded(event.output_index, event.item)
      case 'response.function_call_arguments.delta':
        return [this.#argumentsDelta(event.output_index, event.delta)]
      case 'response.output_item.done':
        return this.#itemDone(event.item)
      case 'response.completed':
      case 'response.incomplete':
        return this.#closed(event.response)
      case 'response.failed':
        throw this.#failure(event.response.error)
      case 'error':
        throw this.#failure(event)
      default:
        return []
    }
  }

  #itemAdded(index: number, item: ResponseOutputItem): ModelEvent[] {
    if (item.type !== 'function_call') return []
    this.#names.set(index, { id: item.call_id, name: item.name })
    return [this.#argumentsDelta(index, '')]
  }

  #argumentsDelta(index: number, delta: string): ModelEvent {
    const known = this.#names.get(index) ?? { id: '', name: '' }
    const position = [...this.#names.keys()].indexOf(index)
    return { type: 'tool_call_delta', index: position, ...known, arguments: delta }
  }

  #itemDone(item: ResponseOutputItem): ModelEvent[] {
    if (item.type === 'reasoning') return this.#reasoningDone(item)
    if (item.type !== 'function_call') return []
    this.#calls += 1
    const call = { id: item.call_id, name: item.name, arguments: item.arguments }
    return [{ type: 'tool_call', call }]
  }

  /** Without its encrypted content a provider that stored nothing could not read it again. */
  #reasoningDone(item: ResponseReasoningItem): ModelEvent[] {
    if (!item.encrypted_content) return []
    const { type, id, summary, encrypted_content } = item
    return [
      {
        type: 'provider_item',
        item: {
          provider: this.#provider,
          model: this.#model,
          item: { type, id, summary, encrypted_content },
        },
      },
    ]
  }

  #closed(response: Response): ModelEvent[] {
    const usage: ModelEvent[] = response.usage
      ? [{ type: 'usage', usage: usageFromResponses(response.usage) }]
      : []
    return [
      ...usage,
      {
        type: 'finish',
        reason: this.#reason(response),
        model: response.model,
        provider_request_id: this.#requestId,
      },
    ]
  }

  #reason(response: Response): FinishReason {
    const cut = response.incomplete_details?.reason
    if (cut === 'content_filter' || this.#refused) return 'content_filter'
    if (response.status === 'incomplete') return 'length'
    return this.#calls > 0 ? 'tool_calls' : 'stop'
  }

  #failure(body: unknown): ModelFailure {
    return classifyFailure({
      provider: this.#provider,
      status: null,
      header: () => null,
      body,
    })
  }
}

/** xAI adds what it charged, in ticks of a ten-billionth of a dollar. */
interface CostedUsage extends ResponseUsage {
  cost_in_usd_ticks?: number
}

/** Cached and cache-written tokens are parts of `input_tokens`, reasoning of `output_tokens`. */
export function usageFromResponses(wire: CostedUsage): ModelUsage {
  return {
    input_tokens: wire.input_tokens,
    cached_input_tokens: wire.input_tokens_details?.cached_tokens ?? 0,
    cache_write_tokens: wire.input_tokens_details?.cache_write_tokens ?? 0,
    output_tokens: wire.output_tokens,
    reasoning_tokens: wire.output_tokens_details?.reasoning_tokens ?? 0,
    provider_cost_usd:
      wire.cost_in_usd_ticks === undefined ? null : wire.cost_in_usd_ticks / 10_000_000_000,
  }
}
