import { chatCompletionsBody, takesStop } from './chat-completions-request.ts'
import { ChatCompletionsReader } from './chat-completions-stream.ts'
import { classifyFailure } from './classify-failure.ts'
import { HttpAnswer } from './http-answer.ts'
import type { ModelAdapter } from './model-adapter.ts'
import { abortFailure, ModelFailure } from './model-failure.ts'
import type { ModelHttp } from './model-http.ts'
import type { ModelEvent, ModelRequest, ProviderConnection } from './model-port.ts'
import { ServerSentEventParser, type ServerSentEvent } from './server-sent-events.ts'
import { cutAtStop } from './stop-sequences.ts'

/**
 * Chat Completions as Ollama, vLLM, OpenRouter, Gemini and Azure serve it, straight on undici: this
 * is the path other apps' calls take, where an SDK's work per token would be felt.
 */
export function createChatCompletionsAdapter(http: ModelHttp): ModelAdapter {
  return {
    stream: (connection, request, signal) => {
      const events = streamAnswer(http, connection, request, signal)
      const cut = request.stop?.length && !takesStop(request.model)
      return cut ? cutAtStop(events, request.stop ?? [], request.model) : events
    },
    listModels: async (connection, signal) => {
      const answer = await send(http, connection, '/models', null, signal)
      const body = await readJson(answer, connection, signal)
      const listed = (body as { data?: { id?: string }[] }).data ?? []
      return listed.flatMap((model) => (model.id ? [model.id.replace(/^models\//, '')] : []))
    },
  }
}

async function* streamAnswer(
  http: ModelHttp,
  connection: ProviderConnection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const body = JSON.stringify(chatCompletionsBody(request))
  const answer = await send(http, connection, '/chat/completions', body, signal)
  const requestId = answer.header('x-request-id')
  const reader = new ChatCompletionsReader(connection.name, request.model, requestId)
  const type = answer.header('content-type') ?? ''
  if (type.includes('event-stream')) {
    yield* readStream(answer, reader, connection, signal)
  } else if (type.includes('json')) {
    yield* reader.read(await readText(answer, connection, signal))
    yield* reader.end()
  } else {
    throw await notAnAnswer(answer, connection, type)
  }
}

/** `[DONE]` ends the answer at once; what the server sends after it is drained, not waited for. */
async function* readStream(
  answer: HttpAnswer,
  reader: ChatCompletionsReader,
  connection: ProviderConnection,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const parser = new ServerSentEventParser()
  const decoder = new TextDecoder()
  let complete = false
  try {
    for (let piece = await answer.next(); piece !== null; piece = await answer.next()) {
      const read = readPiece(parser.feed(decoder.decode(piece, { stream: true })), reader)
      for (const event of read.events) yield event
      if (read.failure !== null) throw read.failure
      if (read.done) break
    }
    const closing = reader.end()
    complete = true
    yield* closing
  } catch (error) {
    throw bodyFailure(error, connection, signal)
  } finally {
    answer.release(complete)
  }
}

interface ReadPiece {
  events: ModelEvent[]
  done: boolean
  /** What came after the events and could not be read. */
  failure: unknown
}

/** What arrived together goes on together: neighbouring pieces of text are one event. */
function readPiece(received: ServerSentEvent[], reader: ChatCompletionsReader): ReadPiece {
  const events: ModelEvent[] = []
  try {
    for (const { data } of received) {
      if (data === '[DONE]') return { events, done: true, failure: null }
      for (const event of reader.read(data)) if (!joined(events.at(-1), event)) events.push(event)
    }
    return { events, done: false, failure: null }
  } catch (failure) {
    return { events, done: false, failure }
  }
}

function joined(last: ModelEvent | undefined, next: ModelEvent): boolean {
  if (last?.type !== 'text' || next.type !== 'text') return false
  last.text += next.text
  return true
}

async function send(
  http: ModelHttp,
  connection: ProviderConnection,
  path: string,
  body: string | null,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  if (signal.aborted) throw abortFailure(signal, connection.name)
  const { base, dispatcher } = http.target(connection)
  try {
    const options = {
      origin: base.origin,
      path: joinedPath(base, path),
      method: body === null ? 'GET' : 'POST',
      headers: headersFor(connection, base.hostname),
      body,
    } as const
    const answer = await HttpAnswer.to(dispatcher, options, signal)
    if (answer.status !== 200) throw await refusal(answer, connection)
    return answer
  } catch (error) {
    throw connectFailure(error, connection, signal)
  }
}

/** Azure's addresses may end in a query, which stays behind the path. */
function joinedPath(base: URL, path: string): string {
  return (base.pathname === '/' ? '' : base.pathname) + path + base.search
}

/** Azure takes its keys in `api-key`; every other server as a bearer. */
function headersFor(connection: ProviderConnection, host: string): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
  }
  if (connection.api_key === null) return headers
  if (host.endsWith('.azure.com')) return { ...headers, 'api-key': connection.api_key }
  return { ...headers, authorization: `Bearer ${connection.api_key}` }
}

async function refusal(answer: HttpAnswer, connection: ProviderConnection): Promise<ModelFailure> {
  const text = await answer.text().catch(() => '')
  return classifyFailure({
    provider: connection.name,
    status: answer.status,
    header: (name) => answer.header(name),
    body: parseOrText(text),
  })
}

async function notAnAnswer(
  answer: HttpAnswer,
  connection: ProviderConnection,
  type: string,
): Promise<ModelFailure> {
  const text = await answer.text().catch(() => '')
  return new ModelFailure(
    'malformed_response',
    `${connection.name} answered ${type || 'an unnamed type'} instead of a model's answer.`,
    { provider: connection.name, status: answer.status, provider_message: text.slice(0, 200) },
  )
}

async function readText(
  answer: HttpAnswer,
  connection: ProviderConnection,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await answer.text()
  } catch (error) {
    throw bodyFailure(error, connection, signal)
  }
}

async function readJson(
  answer: HttpAnswer,
  connection: ProviderConnection,
  signal: AbortSignal,
): Promise<unknown> {
  const text = await readText(answer, connection, signal)
  const value = parseOrText(text)
  if (typeof value !== 'string') return value
  throw await notAnAnswer(answer, connection, 'text')
}

function connectFailure(
  error: unknown,
  connection: ProviderConnection,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return abortFailure(signal, connection.name)
  if (error instanceof ModelFailure) return error
  if (error instanceof Error && 'details' in error) return error
  return new ModelFailure('connect', `${connection.name} could not be reached.`, {
    provider: connection.name,
    provider_message: error instanceof Error ? error.message : null,
    cause: error,
  })
}

function bodyFailure(error: unknown, connection: ProviderConnection, signal: AbortSignal): unknown {
  if (signal.aborted) return abortFailure(signal, connection.name)
  if (error instanceof ModelFailure) return error
  return new ModelFailure(
    'truncated_stream',
    `The connection to ${connection.name} broke in the middle of its answer.`,
    { provider: connection.name, cause: error },
  )
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
