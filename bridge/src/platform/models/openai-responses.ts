import type OpenAI from 'openai'
import type { ModelAdapter } from './model-adapter.ts'
import { abortFailure, ModelFailure } from './model-failure.ts'
import type { ModelHttp } from './model-http.ts'
import type { ModelEvent, ModelRequest, ProviderConnection } from './model-port.ts'
import { responsesBody } from './openai-responses-request.ts'
import { ResponsesReader } from './openai-responses-stream.ts'
import { failureFromSdk } from './sdk-failure.ts'
import { cutAtStop } from './stop-sequences.ts'
import { LONGEST_TIMEOUT_MS, requireEventStream } from './sdk-transport.ts'

const XAI_BASE_URL = 'https://api.x.ai/v1'

/** OpenAI's Responses API, which xAI serves too. */
export function createResponsesAdapter(http: ModelHttp): ModelAdapter {
  return {
    stream: (connection, request, signal) => {
      const events = streamAnswer(http, connection, request, signal)
      // This API takes no stop sequences.
      return request.stop?.length ? cutAtStop(events, request.stop, request.model) : events
    },
    listModels: async (connection, signal) => {
      try {
        const client = await clientFor(http, connection)
        const page = await client.models.list({ signal })
        return page.data.map((model) => model.id)
      } catch (error) {
        throw failureFromSdk(error, connection.name, signal, false)
      }
    },
  }
}

async function* streamAnswer(
  http: ModelHttp,
  connection: ProviderConnection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  let started = false
  let finished = false
  try {
    const client = await clientFor(http, connection)
    const { data: events, response } = await client.responses
      .create(responsesBody(request, connection), { signal })
      .withResponse()
    requireEventStream(response, connection.name)
    const reader = new ResponsesReader(
      connection.name,
      request.model,
      response.headers.get('x-request-id'),
    )
    for await (const event of events) {
      started = true
      for (const out of reader.read(event)) {
        finished ||= out.type === 'finish'
        yield out
      }
    }
  } catch (error) {
    throw failureFromSdk(error, connection.name, signal, started)
  }
  // The SDK ends its stream silently when it is aborted or the connection closes cleanly.
  if (signal.aborted) throw abortFailure(signal, connection.name)
  if (!finished) {
    throw new ModelFailure(
      'truncated_stream',
      `${connection.name} ended its answer before it was complete.`,
      { provider: connection.name },
    )
  }
}

/** The SDK is loaded when it is first needed: who has no such provider saves its memory. */
async function clientFor(http: ModelHttp, connection: ProviderConnection): Promise<OpenAI> {
  const { default: Client } = await import('openai')
  return new Client({
    apiKey: connection.api_key ?? '',
    baseURL: connection.base_url ?? (connection.kind === 'xai' ? XAI_BASE_URL : undefined),
    // Only what the connection says counts, not OPENAI_* of the process.
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: LONGEST_TIMEOUT_MS,
    logLevel: 'off',
    fetch: http.fetchFor(connection),
  })
}
