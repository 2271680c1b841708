import type { Response } from 'express'
import type { ModelUsage } from '../../platform/models/index.ts'
import type { ChatRequest } from './chat-schema.ts'
import { chatUsage } from './chat-translation.ts'
import { openAiError } from './openai-error.ts'
import type { GatewayEvent } from './gateway-call.ts'

/** Collects a whole answer as a `chat.completion`. */
export async function wholeAnswer(
  events: AsyncIterable<GatewayEvent>,
  request: ChatRequest,
  id: string,
  created: number,
): Promise<object> {
  const toolCalls: object[] = []
  let [content, refusal, reasoning] = ['', '', '']
  let finish: (GatewayEvent & { type: 'finish' }) | null = null
  let usage: ModelUsage | null = null
  for await (const event of events) {
    if (event.type === 'text') content += event.text
    else if (event.type === 'refusal') refusal += event.text
    else if (event.type === 'reasoning') reasoning += event.text
    else if (event.type === 'tool_call') toolCalls.push(wireCall(event.call))
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'finish') finish = event
  }
  const message = {
    role: 'assistant',
    content: content === '' && toolCalls.length > 0 ? null : content,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  }
  return {
    id,
    object: 'chat.completion',
    created,
    model: finish?.model ?? request.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish?.reason ?? null }],
    usage: usage && chatUsage(usage),
  }
}

function wireCall(call: { id: string; name: string; arguments: string }): object {
  return {
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }
}

/**
 * Streams an answer as `chat.completion.chunk`s. Nothing is sent before the first event, so that a
 * call that fails outright still gets its status; one that breaks later ends with an error event
 * and without `[DONE]`, never with a finish reason nobody gave.
 */
export async function streamAnswer(
  events: AsyncIterable<GatewayEvent>,
  request: ChatRequest,
  id: string,
  created: number,
  res: Response,
): Promise<void> {
  const writer = new ChunkWriter(res, request, id, created)
  try {
    for await (const event of events) writer.write(event)
    writer.done()
  } catch (error) {
    if (!res.headersSent) throw error
    res.end(`data: ${JSON.stringify(openAiError(error).body)}\n\n`)
  }
}

/** Writes the events that arrive in one turn of the event loop with one call to the socket. */
class ChunkWriter {
  readonly #res: Response
  readonly #withUsage: boolean
  readonly #requestModel: string
  readonly #prefix: string
  #pending = ''
  #usage: ModelUsage | null = null
  #first = true
  #scheduled = false

  constructor(res: Response, request: ChatRequest, id: string, created: number) {
    this.#res = res
    this.#withUsage = request.stream_options?.include_usage === true
    this.#requestModel = JSON.stringify(request.model)
    this.#prefix = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":`
  }

  write(event: GatewayEvent): void {
    switch (event.type) {
      case 'text':
        return this.#delta(`"content":${JSON.stringify(event.text)}`)
      case 'reasoning':
        return this.#delta(`"reasoning_content":${JSON.stringify(event.text)}`)
      case 'refusal':
        return this.#delta(`"refusal":${JSON.stringify(event.text)}`)
      case 'tool_call_delta':
        return this.#delta(`"tool_calls":[${JSON.stringify(toolDelta(event))}]`)
      case 'usage':
        this.#usage = event.usage
        return
      case 'finish':
        return this.#chunk(`[{"index":0,"delta":{},"finish_reason":"${event.reason}"}]`)
      default:
        return
    }
  }

  done(): void {
    if (this.#withUsage && this.#usage) {
      this.#chunk('[]', `,"usage":${JSON.stringify(chatUsage(this.#usage))}`)
    }
    this.#open()
    this.#res.end(`${this.#pending}data: [DONE]\n\n`)
    this.#pending = ''
  }

  #delta(members: string): void {
    const role = this.#first ? '"role":"assistant",' : ''
    this.#first = false
    this.#chunk(`[{"index":0,"delta":{${role}${members}},"finish_reason":null}]`)
  }

  #chunk(choices: string, extra = ''): void {
    this.#open()
    this.#pending += `${this.#prefix}${this.#requestModel},"choices":${choices}${extra}}\n\n`
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#pending !== '') this.#res.write(this.#pending)
      this.#pending = ''
    })
  }

  #open(): void {
    if (this.#res.headersSent) return
    this.#res.socket?.setNoDelay(true)
    this.#res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
  }
}

/** The name comes with the first piece of a call only, as OpenAI does it. */
function toolDelta(event: GatewayEvent & { type: 'tool_call_delta' }): object {
  const piece = { index: event.index, function: { arguments: event.arguments } }
  if (event.arguments !== '') return piece
  return {
    ...piece,
    id: event.id,
    type: 'function',
    function: { name: event.name, arguments: '' },
  }
}
