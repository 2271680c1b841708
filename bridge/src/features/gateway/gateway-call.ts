import type {
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ModelTool,
} from '../../platform/models/index.ts'
import type { NanoUsd } from '../../shared/money.ts'
import type { DataRules } from './data-rules.ts'

export type ModelTier = 'small' | 'large'

/** How long the parts of a call may take, in milliseconds. */
export interface CallDeadlines {
  total_ms: number
  first_token_ms: number
  between_tokens_ms: number
}

/** One thing asked of a model, whichever provider will answer it. */
export interface GatewayCall {
  site_id: string
  team_id: string
  person: string
  request_id: string
  /** What the call is for; costs are shown by it and the reserve learns from it. */
  purpose: string
  /** A tier, or one exact model as `model` or `provider/model`. */
  tier: ModelTier | { model: string }
  messages: ModelMessage[]
  /** The messages as one provider may see them; asked anew for each attempt. */
  messages_for?: (rules: DataRules) => ModelMessage[]
  tools: ModelTool[]
  tool_choice: 'auto' | 'none' | 'required'
  max_output_tokens: number
  cache_prefix_messages: number
  output_schema?: ModelRequest['output_schema']
  temperature?: number
  stop?: string[]
  /** Narrower than the configured deadlines, where the caller has less time. */
  deadlines?: Partial<CallDeadlines>
  /** The most this call may cost. */
  cap_nano_usd?: NanoUsd
  /** This call is a request of its own and counts as one. */
  counts_as_request?: boolean
  /** DocType the request is about, for costs by document type. */
  doctype?: string | null
  api_key_id?: string | null
}

/** What a call came to, once it is settled. */
export interface SettledEvent {
  type: 'settled'
  call_id: string
  provider: string
  model: string
  input_tokens: number
  output_tokens: number
  nano_usd: NanoUsd
}

export type GatewayEvent = ModelEvent | SettledEvent

/** True for what a person could have seen: after it no other provider may be tried. */
export function isToken(event: ModelEvent): boolean {
  return !['usage', 'finish', 'provider_item'].includes(event.type)
}
