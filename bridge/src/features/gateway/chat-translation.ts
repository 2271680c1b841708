import type { ModelContent, ModelMessage, ModelUsage } from '../../platform/models/index.ts'
import type { AuthContext } from '../../http/index.ts'
import type { ChatMessage, ChatRequest } from './chat-schema.ts'
import type { GatewayCall } from './gateway-call.ts'

const DEFAULT_OUTPUT_TOKENS = 4_096

/** The gateway call of a Chat Completions request. */
export function callFromChat(
  request: ChatRequest,
  auth: AuthContext,
  requestId: string,
): GatewayCall {
  const format = request.response_format
  return {
    site_id: auth.site_id,
    team_id: auth.team_id,
    person: auth.person,
    request_id: requestId,
    purpose: 'api',
    tier: tierOf(request.model),
    messages: request.messages.map(toModelMessage),
    tools: (request.tools ?? []).map((tool) => ({
      name: tool.function.name,
      description: tool.function.description ?? '',
      parameters: tool.function.parameters ?? { type: 'object', properties: {} },
    })),
    tool_choice: request.tool_choice ?? 'auto',
    max_output_tokens: request.max_completion_tokens ?? request.max_tokens ?? DEFAULT_OUTPUT_TOKENS,
    cache_prefix_messages: systemPrefix(request.messages),
    counts_as_request: true,
    api_key_id: auth.kind === 'api_key' ? auth.credential_id : null,
    ...(format?.type === 'json_schema' ? { output_schema: format.json_schema } : {}),
    ...(request.temperature == null ? {} : { temperature: request.temperature }),
    ...(request.stop == null ? {} : { stop: [request.stop].flat() }),
  }
}

function tierOf(model: string): GatewayCall['tier'] {
  if (model === 'steward-small') return 'small'
  return model === 'steward-large' ? 'large' : { model }
}

/** Instructions at the beginning stay the same from call to call. */
function systemPrefix(messages: ChatMessage[]): number {
  const index = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer')
  return index === -1 ? messages.length : index
}

function toModelMessage(message: ChatMessage): ModelMessage {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(message.content) }
    case 'user':
      return { role: 'user', content: contentOf(message.content) }
    case 'tool':
      return {
        role: 'tool',
        tool_call_id: message.tool_call_id,
        content: textOf(message.content),
        is_error: false,
      }
    case 'assistant':
      return {
        role: 'assistant',
        content: textOf(message.content ?? ''),
        tool_calls: (message.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function })),
      }
  }
}

function textOf(content: string | { text: string }[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('')
}

function contentOf(content: (ChatMessage & { role: 'user' })['content']): ModelContent[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return content.map((part) => {
    if (part.type === 'text') return part
    const [head, data] = part.image_url.url.split(';base64,')
    return { type: 'image', media_type: head?.slice('data:'.length) ?? '', data: data ?? '' }
  })
}

/** Usage in OpenAI's form: prompt tokens hold the cached ones, completion tokens the reasoning. */
export function chatUsage(usage: ModelUsage) {
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.input_tokens + usage.output_tokens,
    prompt_tokens_details: { cached_tokens: usage.cached_input_tokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
  }
}
