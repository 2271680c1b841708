import { classifyFailure } from './classify-failure.ts'
import { usageFromChatCompletions, type WireUsage } from './chat-completions-usage.ts'
import { ModelFailure } from './model-failure.ts'
import type { FinishReason, ModelEvent, ModelToolCall } from './model-port.ts'

interface WireToolCall {
  index?: number
  id?: string | null
  function?: { name?: string | null; arguments?: string | null }
}

interface WireMessage {
  content?: string | null
  refusal?: string | null
  reasoning?: string | null
  reasoning_content?: string | null
  tool_calls?: WireToolCall[] | null
}

interface WireChunk {
  model?: string
  choices?: { delta?: WireMessage; message?: WireMessage; finish_reason?: string | null }[]
  usage?: WireUsage | null
  error?: unknown
}

const REASON: Record<string, FinishReason> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
}

/** Turns the chunks of one answer into events, and knows whether the answer was complete. */
export class ChatCompletionsReader {
  readonly #provider: string
  readonly #requestId: string | null
  readonly #calls: ModelToolCall[] = []
  #model: string
  #finish: FinishReason | null = null

  constructor(provider: string, model: string, requestId: string | null) {
    this.#provider = provider
    this.#model = model
    this.#requestId = requestId
  }

  /** Events of one `data:` line, or of a whole body that was not streamed. Throws ModelFailure. */
  read(data: string): ModelEvent[] {
    const chunk = this.#parse(data)
    if (chunk.error != null) throw this.#midStream(chunk)
    if (chunk.model) this.#model = chunk.model
    const choice = chunk.choices?.[0]
    const events = this.#message(choice?.delta ?? choice?.message)
    if (choice?.finish_reason) this.#finished(choice.finish_reason, chunk)
    if (chunk.usage) events.push({ type: 'usage', usage: usageFromChatCompletions(chunk.usage) })
    return events
  }

  /** The closing events; throws `truncated_stream` when the provider never said it was done. */
  end(): ModelEvent[] {
    if (this.#finish === null) {
      throw new ModelFailure(
        'truncated_stream',
        `${this.#provider} ended its answer before it was complete.`,
        { provider: this.#provider },
      )
    }
    const calls = this.#calls.filter((call) => call !== undefined)
    const reason = this.#finish === 'stop' && calls.length > 0 ? 'tool_calls' : this.#finish
    return [
      ...calls.map((call): ModelEvent => ({ type: 'tool_call', call })),
      { type: 'finish', reason, model: this.#model, provider_request_id: this.#requestId },
    ]
  }

  #parse(data: string): WireChunk {
    try {
      const value: unknown = JSON.parse(data)
      if (typeof value === 'object' && value !== null) return value as WireChunk
    } catch {
      // Falls through: text that is no JSON object is no event.
    }
    throw new ModelFailure('malformed_response', `${this.#provider} sent an unreadable event.`, {
      provider: this.#provider,
      provider_message: data.slice(0, 200),
    })
  }

  #message(message: WireMessage | undefined): ModelEvent[] {
    if (message === undefined) return []
    const events: ModelEvent[] = []
    const reasoning = message.reasoning_content ?? message.reasoning
    if (reasoning) events.push({ type: 'reasoning', text: reasoning })
    if (message.content) events.push({ type: 'text', text: message.content })
    if (message.refusal) events.push({ type: 'refusal', text: message.refusal })
    for (const call of message.tool_calls ?? []) events.push(this.#toolCall(call))
    return events
  }

  /** Servers without an index (Gemini) send each call whole, with its own id. */
  #toolCall(piece: WireToolCall): ModelEvent {
    const index = piece.index ?? this.#calls.length
    const call = (this.#calls[index] ??= {
      id: piece.id ?? `call_${index}`,
      name: '',
      arguments: '',
    })
    const part = piece.function?.arguments ?? ''
    if (call.name === '') call.name = piece.function?.name ?? ''
    call.arguments += part
    return { type: 'tool_call_delta', index, id: call.id, name: call.name, arguments: part }
  }

  #finished(reason: string, chunk: WireChunk): void {
    if (reason === 'error') throw this.#midStream(chunk)
    this.#finish = REASON[reason] ?? 'stop'
  }

  #midStream(body: unknown): ModelFailure {
    return classifyFailure({
      provider: this.#provider,
      status: null,
      header: () => null,
      body,
    })
  }
}
