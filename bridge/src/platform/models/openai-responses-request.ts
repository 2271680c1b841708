import type {
  ResponseCreateParamsStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses'
import type { ModelContent, ModelMessage, ModelRequest, ProviderConnection } from './model-port.ts'
import { ownItems } from './provider-items.ts'

/** The provider refuses smaller values. */
const LEAST_OUTPUT_TOKENS = 16

const OPENAI_REASONING = /^(o\d|gpt-[5-9](?!.*-chat))/
const XAI_REASONING = /^grok-(3-mini|code|[4-9])(?!.*non-reasoning)/

/**
 * The body of `POST /responses`. Nothing is stored at the provider: OpenAI and xAI both keep
 * responses by default.
 */
export function responsesBody(
  request: ModelRequest,
  connection: ProviderConnection,
): ResponseCreateParamsStreaming {
  return {
    model: request.model,
    input: request.messages.flatMap((message) => toInputItems(message, connection, request.model)),
    stream: true,
    store: false,
    max_output_tokens: Math.max(request.max_output_tokens, LEAST_OUTPUT_TOKENS),
    ...toolFields(request),
    ...(request.output_schema ? { text: { format: outputFormat(request.output_schema) } } : {}),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...reasoningField(request, connection),
    ...endUserField(request, connection),
  }
}

/**
 * Reasoning between tool rounds is asked for encrypted, since nothing is stored. Models that do not
 * reason refuse to be asked.
 */
function reasoningField(
  request: ModelRequest,
  connection: ProviderConnection,
): Pick<ResponseCreateParamsStreaming, 'include'> {
  const reasons = connection.kind === 'xai' ? XAI_REASONING : OPENAI_REASONING
  if (request.tools.length === 0 || !reasons.test(request.model)) return {}
  return { include: ['reasoning.encrypted_content'] }
}

function toolFields(
  request: ModelRequest,
): Pick<ResponseCreateParamsStreaming, 'tools' | 'tool_choice'> {
  if (request.tools.length === 0) return {}
  return {
    tools: request.tools.map((tool) => ({ type: 'function', strict: false, ...tool })),
    tool_choice: request.tool_choice,
  }
}

function outputFormat(output: { name: string; schema: Record<string, unknown> }) {
  return { type: 'json_schema' as const, name: output.name, schema: output.schema, strict: true }
}

function endUserField(
  request: ModelRequest,
  connection: ProviderConnection,
): Pick<ResponseCreateParamsStreaming, 'safety_identifier' | 'user'> {
  if (request.end_user === undefined) return {}
  return connection.kind === 'xai'
    ? { user: request.end_user }
    : { safety_identifier: request.end_user }
}

function toInputItems(
  message: ModelMessage,
  connection: ProviderConnection,
  model: string,
): ResponseInputItem[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }]
    case 'user':
      return [{ role: 'user', content: message.content.map(toInputContent) }]
    case 'tool':
      return [
        { type: 'function_call_output', call_id: message.tool_call_id, output: message.content },
      ]
    case 'assistant':
      return [
        ...(ownItems(message, connection.name, model) as ResponseInputItem[]),
        ...assistantItems(message),
      ]
  }
}

function assistantItems(message: ModelMessage & { role: 'assistant' }): ResponseInputItem[] {
  const calls = message.tool_calls.map((call) => ({
    type: 'function_call' as const,
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
  }))
  if (message.content === '') return calls
  return [{ role: 'assistant', content: message.content }, ...calls]
}

function toInputContent(part: ModelContent): ResponseInputContent {
  if (part.type === 'text') return { type: 'input_text', text: part.text }
  return {
    type: 'input_image',
    detail: 'auto',
    image_url: `data:${part.media_type};base64,${part.data}`,
  }
}
