import type {
  RawMessageStreamEvent,
  RedactedThinkingBlock,
  ThinkingBlock,
  Usage,
} from '@anthropic-ai/sdk/resources/messages'
import type { FinishReason, ModelEvent, ModelToolCall, ModelUsage } from './model-port.ts'

const REASON: Record<string, FinishReason> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
}

type WireUsage = { [K in keyof Usage]?: Usage[K] | null }

/** Turns the events of one Messages stream into Steward's. `message_stop` alone closes it. */
export class MessagesReader {
  readonly #provider: string
  readonly #asked: string
  readonly #requestId: string | null
  readonly #calls = new Map<number, ModelToolCall>()
  readonly #thinking = new Map<number, ThinkingBlock | RedactedThinkingBlock>()
  #model = ''
  #usage: WireUsage = {}
  #reason: FinishReason = 'stop'

  constructor(provider: string, model: string, requestId: string | null) {
    this.#provider = provider
    this.#asked = model
    this.#requestId = requestId
  }

  read(event: RawMessageStreamEvent): ModelEvent[] {
    switch (event.type) {
      case 'message_start':
        this.#model = event.message.model
        return [this.#usageEvent(event.message.usage)]
      case 'content_block_start':
        return this.#blockStart(event)
      case 'content_block_delta':
        return this.#blockDelta(event)
      case 'content_block_stop':
        return this.#blockStop(event.index)
      case 'message_delta':
        return this.#messageDelta(event)
      case 'message_stop':
        return [this.#finish()]
      default:
        return []
    }
  }

  #blockStart(event: RawMessageStreamEvent & { type: 'content_block_start' }): ModelEvent[] {
    const block = event.content_block
    if (block.type === 'text') return block.text === '' ? [] : [{ type: 'text', text: block.text }]
    if (block.type === 'thinking' || block.type === 'redacted_thinking') {
      this.#thinking.set(event.index, { ...block })
    }
    if (block.type !== 'tool_use') return []
    this.#calls.set(event.index, { id: block.id, name: block.name, arguments: '' })
    return this.#callDelta(event.index, '')
  }

  #blockDelta(event: RawMessageStreamEvent & { type: 'content_block_delta' }): ModelEvent[] {
    const delta = event.delta
    if (delta.type === 'text_delta' && delta.text !== '')
      return [{ type: 'text', text: delta.text }]
    const thinking = this.#thinking.get(event.index)
    if (delta.type === 'signature_delta' && thinking?.type === 'thinking') {
      thinking.signature += delta.signature
    }
    if (delta.type === 'thinking_delta' && delta.thinking !== '') {
      if (thinking?.type === 'thinking') thinking.thinking += delta.thinking
      return [{ type: 'reasoning', text: delta.thinking }]
    }
    if (delta.type === 'input_json_delta') return this.#callDelta(event.index, delta.partial_json)
    return []
  }

  #callDelta(blockIndex: number, part: string): ModelEvent[] {
    const call = this.#calls.get(blockIndex)
    if (call === undefined) return []
    call.arguments += part
    const index = [...this.#calls.keys()].indexOf(blockIndex)
    return [{ type: 'tool_call_delta', index, id: call.id, name: call.name, arguments: part }]
  }

  #blockStop(index: number): ModelEvent[] {
    const thinking = this.#thinking.get(index)
    // Without its signature the provider would not take a thought back.
    if (thinking && (thinking.type === 'redacted_thinking' || thinking.signature !== '')) {
      const item = { provider: this.#provider, model: this.#asked, item: thinking }
      return [{ type: 'provider_item', item }]
    }
    const call = this.#calls.get(index)
    if (call === undefined) return []
    return [{ type: 'tool_call', call: { ...call, arguments: call.arguments || '{}' } }]
  }

  #messageDelta(event: RawMessageStreamEvent & { type: 'message_delta' }): ModelEvent[] {
    const stop = event.delta.stop_reason
    if (stop !== null) this.#reason = REASON[stop] ?? 'stop'
    const events = [this.#usageEvent(event.usage)]
    if (stop === 'refusal') events.unshift({ type: 'refusal', text: refusalText(event.delta) })
    return events
  }

  #usageEvent(usage: WireUsage): ModelEvent {
    const known = Object.entries(usage).filter(([, value]) => value !== null)
    this.#usage = { ...this.#usage, ...Object.fromEntries(known) }
    return { type: 'usage', usage: usageFromMessages(this.#usage) }
  }

  #finish(): ModelEvent {
    return {
      type: 'finish',
      reason: this.#reason,
      model: this.#model,
      provider_request_id: this.#requestId,
    }
  }
}

/** Anthropic counts fresh, cache-written and cache-read input apart; their sum is the input. */
export function usageFromMessages(wire: WireUsage): ModelUsage {
  const written = wire.cache_creation_input_tokens ?? 0
  const cached = wire.cache_read_input_tokens ?? 0
  return {
    input_tokens: (wire.input_tokens ?? 0) + written + cached,
    cached_input_tokens: cached,
    cache_write_tokens: written,
    output_tokens: wire.output_tokens ?? 0,
    reasoning_tokens: wire.output_tokens_details?.thinking_tokens ?? 0,
    provider_cost_usd: null,
  }
}

function refusalText(delta: object): string {
  const details = (delta as { stop_details?: { explanation?: string | null } | null }).stop_details
  return details?.explanation ?? 'The model declined to answer this.'
}
