import type { ModelContent, ModelMessage, ModelRequest } from './model-port.ts'

/** The body of `POST /chat/completions` for a request, always streamed and with usage asked for. */
export function chatCompletionsBody(request: ModelRequest): Record<string, unknown> {
  return {
    model: request.model,
    messages: request.messages.map(toWireMessage),
    stream: true,
    stream_options: { include_usage: true },
    [outputLimitField(request.model)]: request.max_output_tokens,
    ...toolFields(request),
    ...(request.output_schema ? { response_format: responseFormat(request.output_schema) } : {}),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.stop?.length && takesStop(request.model) ? { stop: request.stop } : {}),
    ...(request.end_user === undefined ? {} : { user: request.end_user }),
  }
}

/** OpenAI's reasoning models, also behind Azure and OpenRouter, refuse the older `max_tokens`. */
function outputLimitField(model: string): 'max_completion_tokens' | 'max_tokens' {
  return isOpenAiReasoning(model) ? 'max_completion_tokens' : 'max_tokens'
}

/** The same models refuse `stop`. */
export function takesStop(model: string): boolean {
  return !isOpenAiReasoning(model)
}

function isOpenAiReasoning(model: string): boolean {
  return /(^|\/)(o\d|gpt-[5-9])/.test(model)
}

function toolFields(request: ModelRequest): Record<string, unknown> {
  if (request.tools.length === 0) return {}
  return {
    tools: request.tools.map((tool) => ({ type: 'function', function: tool })),
    tool_choice: request.tool_choice,
  }
}

function responseFormat(output: { name: string; schema: Record<string, unknown> }): unknown {
  return {
    type: 'json_schema',
    json_schema: { name: output.name, schema: output.schema, strict: true },
  }
}

function toWireMessage(message: ModelMessage): Record<string, unknown> {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content }
    case 'user':
      return { role: 'user', content: userContent(message.content) }
    case 'tool':
      return { role: 'tool', tool_call_id: message.tool_call_id, content: message.content }
    case 'assistant':
      return assistantMessage(message)
  }
}

function assistantMessage(message: ModelMessage & { role: 'assistant' }): Record<string, unknown> {
  if (message.tool_calls.length === 0) return { role: 'assistant', content: message.content }
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.tool_calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  }
}

/** Text alone stays a string: small local servers do not all take parts. */
function userContent(content: ModelContent[]): unknown {
  if (content.every((part) => part.type === 'text'))
    return content.map((part) => part.text).join('')
  return content.map((part) =>
    part.type === 'text'
      ? part
      : {
          type: 'image_url',
          image_url: { url: `data:${part.media_type};base64,${part.data}` },
        },
  )
}
