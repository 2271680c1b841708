import type {
  ResponseCreateParamsStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses'
import { ModelFailure } from './model-failure.ts'
import type { ModelContent, ModelMessage, ModelRequest, ProviderConnection } from './model-port.ts'

/** The provider refuses smaller values. */
const LEAST_OUTPUT_TOKENS = 16

/**
 * The body of `POST /responses`. Nothing is stored at the provider: OpenAI and xAI both keep
 * responses by default.
 */
export function responsesBody(
  request: ModelRequest,
  connection: ProviderConnection,
): ResponseCreateParamsStreaming {
  refuseStopSequences(request, connection)
  return {
    model: request.model,
    input: request.messages.flatMap(toInputItems),
    stream: true,
    store: false,
    max_output_tokens: Math.max(request.max_output_tokens, LEAST_OUTPUT_TOKENS),
    ...toolFields(request),
    ...(request.output_schema ? { text: { format: outputFormat(request.output_schema) } } : {}),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...endUserField(request, connection),
  }
}

function refuseStopSequences(request: ModelRequest, connection: ProviderConnection): void {
  if (!request.stop?.length) return
  throw new ModelFailure(
    'invalid_request',
    `${connection.name} takes no stop sequences for ${request.model}.`,
    { provider: connection.name },
  )
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

function toInputItems(message: ModelMessage): ResponseInputItem[] {
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
      return assistantItems(message)
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
