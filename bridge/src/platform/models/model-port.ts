/**
 * The one language for models inside Steward: every adapter takes a ModelRequest and yields
 * ModelEvents, whichever provider answers. Adapters never retry; deadlines, choice and fallback
 * are the gateway's (`features/gateway`).
 */

export type ProviderKind = 'openai' | 'anthropic' | 'xai' | 'openai_compatible'

/** How to reach one provider. `api_key` never appears in logs, errors or JSON. */
export interface ProviderConnection {
  /** Name of the Steward Model Provider record or of the environment's provider. */
  name: string
  kind: ProviderKind
  base_url: string | null
  api_key: string | null
  /**
   * The operator named this address (environment), so it may be private. Addresses from a site's
   * records are checked unless STEWARD_ALLOW_PRIVATE_ENDPOINTS is set.
   */
  trusted_address?: boolean
  /** Models the record says cost nothing (own hardware); no other model is ever priced zero. */
  free_models?: string[]
}

export type ModelContent =
  | { type: 'text'; text: string }
  /** Base64 bytes and their media type; adapters without images refuse with `invalid_request`. */
  | { type: 'image'; media_type: string; data: string }

export type ModelMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: ModelContent[] }
  | {
      role: 'assistant'
      content: string
      tool_calls: ModelToolCall[]
      /** What the model left for its own next round, in order. */
      provider_items?: ProviderItem[]
    }
  | { role: 'tool'; tool_call_id: string; content: string; is_error: boolean }

/**
 * A part of an answer that only the model it came from can read (encrypted reasoning, signed
 * thinking). Given back unchanged with the results of its tool calls, it keeps its train of thought.
 */
export interface ProviderItem {
  /** Name of the connection and model it came from; nobody else is sent it. */
  provider: string
  model: string
  /** The provider's own shape. */
  item: unknown
}

export interface ModelToolCall {
  id: string
  name: string
  /** JSON text as the model wrote it; parsed and validated by whoever runs the tool. */
  arguments: string
}

export interface ModelTool {
  name: string
  description: string
  /** JSON Schema (draft 2020-12) of the arguments. */
  parameters: Record<string, unknown>
}

export interface ModelRequest {
  model: string
  messages: ModelMessage[]
  tools: ModelTool[]
  tool_choice: 'auto' | 'none' | 'required'
  /** Hard cap of generated tokens, reasoning included. */
  max_output_tokens: number
  /** Ask for JSON of this schema instead of prose. */
  output_schema?: { name: string; schema: Record<string, unknown> }
  temperature?: number
  stop?: string[]
  /** Messages up to this index are the stable prefix a provider may cache. */
  cache_prefix_messages?: number
  /** Opaque id of the person for the provider's abuse checks; never an e-mail. */
  end_user?: string
}

/**
 * Tokens of one call. `input_tokens` is the total, cached and cache-written included; the other
 * input figures are parts of it. `reasoning_tokens` is a part of `output_tokens`.
 */
export interface ModelUsage {
  input_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  output_tokens: number
  reasoning_tokens: number
  /** What the provider itself says it charged, in USD, when it says so. */
  provider_cost_usd: number | null
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  /** A piece of a tool call as it arrives; the whole call follows as `tool_call`. */
  | { type: 'tool_call_delta'; index: number; id: string; name: string; arguments: string }
  | { type: 'tool_call'; call: ModelToolCall }
  | { type: 'refusal'; text: string }
  /** To be kept with the assistant's message; never shown. */
  | { type: 'provider_item'; item: ProviderItem }
  /** Last known usage; may come more than once, the newest counts. */
  | { type: 'usage'; usage: ModelUsage }
  /** Always the last event of a complete answer. A stream that ends without it was cut off. */
  | { type: 'finish'; reason: FinishReason; model: string; provider_request_id: string | null }

export type ModelFailureKind =
  | 'connect'
  | 'timeout_first_token'
  | 'timeout_between_tokens'
  | 'timeout_total'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'authentication'
  | 'out_of_credit'
  | 'context_too_long'
  | 'content_refused'
  | 'invalid_request'
  | 'model_not_found'
  | 'truncated_stream'
  | 'malformed_response'
  | 'cancelled'

/** The adapters of one process. */
export interface ModelPort {
  /**
   * Stream one answer. Ends with `finish` or throws a ModelFailure; aborting `signal` stops the
   * upstream request at once and throws a ModelFailure of kind `cancelled`.
   */
  stream(
    connection: ProviderConnection,
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncIterable<ModelEvent>
  /** Cheapest call that proves key and address; throws a ModelFailure. Returns model ids when the provider lists them. */
  check(connection: ProviderConnection, signal: AbortSignal): Promise<{ models: string[] }>
}
