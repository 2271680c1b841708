import type { ModelUsage } from './model-port.ts'

/** Usage as Chat Completions servers report it, with the extensions seen in the field. */
export interface WireUsage {
  prompt_tokens?: number | null
  completion_tokens?: number | null
  total_tokens?: number | null
  prompt_tokens_details?: {
    cached_tokens?: number | null
    cache_write_tokens?: number | null
  } | null
  completion_tokens_details?: { reasoning_tokens?: number | null } | null
  /** DeepSeek. */
  prompt_cache_hit_tokens?: number | null
  /** OpenRouter: USD charged for this call. */
  cost?: number | null
}

/**
 * Tokens in Steward's meaning. Some servers (xAI, Gemini) leave reasoning out of
 * `completion_tokens` but count it in `total_tokens`; what the total holds beyond prompt and
 * completion was generated and is billed, so it belongs to the output.
 */
export function usageFromChatCompletions(wire: WireUsage): ModelUsage {
  const input = wire.prompt_tokens ?? 0
  const completion = wire.completion_tokens ?? 0
  const unnamed = Math.max(0, (wire.total_tokens ?? 0) - input - completion)
  const reasoning = wire.completion_tokens_details?.reasoning_tokens ?? 0
  const cached = wire.prompt_tokens_details?.cached_tokens ?? wire.prompt_cache_hit_tokens ?? 0
  return {
    input_tokens: input,
    cached_input_tokens: Math.min(cached, input),
    cache_write_tokens: wire.prompt_tokens_details?.cache_write_tokens ?? 0,
    output_tokens: completion + unnamed,
    reasoning_tokens: Math.max(reasoning, unnamed),
    provider_cost_usd: wire.cost ?? null,
  }
}
