import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
} from '@anthropic-ai/sdk/resources/messages'
import { ModelFailure } from './model-failure.ts'
import type { ModelContent, ModelMessage, ModelRequest } from './model-port.ts'
import { ownItems } from './provider-items.ts'

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const
type ImageType = (typeof IMAGE_TYPES)[number]

const CACHED = { cache_control: { type: 'ephemeral' } } as const

/** The body of `POST /v1/messages`. */
export function messagesBody(
  request: ModelRequest,
  provider: string,
): MessageCreateParamsStreaming {
  const prefix = request.cache_prefix_messages ?? 0
  return {
    model: request.model,
    max_tokens: request.max_output_tokens,
    stream: true,
    system: systemBlocks(request.messages, prefix),
    messages: conversation(request, prefix, provider),
    ...toolFields(request),
    ...(request.output_schema
      ? {
          output_config: {
            format: { type: 'json_schema' as const, schema: request.output_schema.schema },
          },
        }
      : {}),
    ...(request.temperature !== undefined && takesSampling(request.model)
      ? { temperature: request.temperature }
      : {}),
    ...(request.stop?.length ? { stop_sequences: request.stop } : {}),
    ...(request.end_user === undefined ? {} : { metadata: { user_id: request.end_user } }),
  }
}

/** The newest models refuse sampling parameters and a forced tool choice. */
function takesSampling(model: string): boolean {
  return /claude-(3|(opus|sonnet|haiku)-4(-[0-5])?(-|$))/.test(model)
}

function toolFields(
  request: ModelRequest,
): Pick<MessageCreateParamsStreaming, 'tools' | 'tool_choice'> {
  if (request.tools.length === 0) return {}
  const forced = request.tool_choice === 'required' && takesSampling(request.model)
  return {
    tools: request.tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      input_schema: { type: 'object' as const, ...tool.parameters },
    })),
    tool_choice: { type: toolChoice(request.tool_choice, forced) },
  }
}

function toolChoice(choice: ModelRequest['tool_choice'], forced: boolean): 'auto' | 'any' | 'none' {
  if (choice === 'none') return 'none'
  return forced ? 'any' : 'auto'
}

/** The last system text of the stable prefix is the cache's mark: it covers the tools too. */
function systemBlocks(messages: ModelMessage[], prefix: number): TextBlockParam[] {
  const texts = messages.flatMap((message, index) =>
    message.role === 'system' ? [{ index, text: message.content }] : [],
  )
  const marked = texts.findLast((text) => text.index < prefix)?.index ?? -1
  return texts
    .filter(({ text }) => text !== '')
    .map(({ index, text }) => ({ type: 'text', text, ...(index === marked ? CACHED : {}) }))
}

/** Anthropic wants every result of one turn's tool calls in one user message. */
function conversation(request: ModelRequest, prefix: number, provider: string): MessageParam[] {
  const turns: MessageParam[] = []
  request.messages.forEach((message, index) => {
    if (message.role === 'system') return
    const blocks = toBlocks(message, provider, request.model)
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (index === prefix - 1) markCached(blocks)
    if (last?.role === role) (last.content as ContentBlockParam[]).push(...blocks)
    else turns.push({ role, content: blocks })
  })
  return turns
}

function markCached(blocks: ContentBlockParam[]): void {
  const last = blocks.at(-1)
  if (last && 'text' in last) Object.assign(last, CACHED)
}

function toBlocks(message: ModelMessage, provider: string, model: string): ContentBlockParam[] {
  switch (message.role) {
    case 'system':
      return []
    case 'user':
      return message.content.map((part) => toBlock(part, provider))
    case 'tool':
      return [
        {
          type: 'tool_result',
          tool_use_id: message.tool_call_id,
          content: message.content,
          is_error: message.is_error,
        },
      ]
    case 'assistant':
      return [
        // Thinking comes first, signed and unchanged, or the provider refuses it.
        ...(ownItems(message, provider, model) as ContentBlockParam[]),
        ...(message.content === '' ? [] : [{ type: 'text' as const, text: message.content }]),
        ...message.tool_calls.map((call) => ({
          type: 'tool_use' as const,
          id: call.id,
          name: call.name,
          input: parseArguments(call.arguments),
        })),
      ]
  }
}

function toBlock(part: ModelContent, provider: string): ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (!isImageType(part.media_type)) {
    throw new ModelFailure('invalid_request', `${provider} does not take ${part.media_type}.`, {
      provider,
    })
  }
  return {
    type: 'image',
    source: { type: 'base64', media_type: part.media_type, data: part.data },
  }
}

function isImageType(type: string): type is ImageType {
  return (IMAGE_TYPES as readonly string[]).includes(type)
}

/** A call another model wrote badly must not stop this one: it is shown as text it can judge. */
function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return { unreadable_arguments: text }
  }
}
