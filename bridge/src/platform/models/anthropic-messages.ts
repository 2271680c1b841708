import type Anthropic from '@anthropic-ai/sdk'
import { messagesBody } from './anthropic-messages-request.ts'
import { MessagesReader } from './anthropic-messages-stream.ts'
import type { ModelAdapter } from './model-adapter.ts'
import { abortFailure, ModelFailure } from './model-failure.ts'
import type { ModelHttp } from './model-http.ts'
import type { ModelEvent, ModelRequest, ProviderConnection } from './model-port.ts'
import { failureFromSdk } from './sdk-failure.ts'
import { LONGEST_TIMEOUT_MS, requireEventStream } from './sdk-transport.ts'

/** Anthropic's Messages API. */
export function createMessagesAdapter(http: ModelHttp): ModelAdapter {
  return {
    stream: (connection, request, signal) => streamAnswer(http, connection, request, signal),
    listModels: async (connection, signal) => {
      try {
        const client = await clientFor(http, connection)
        const page = await client.models.list({ limit: 1000 }, { signal })
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
    const { data: events, response } = await client.messages
      .create(messagesBody(request, connection.name), { signal })
      .withResponse()
    requireEventStream(response, connection.name)
    const reader = new MessagesReader(
      connection.name,
      request.model,
      response.headers.get('request-id'),
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
async function clientFor(http: ModelHttp, connection: ProviderConnection): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk')
  return new Client({
    apiKey: connection.api_key,
    // Only what the connection says counts, not ANTHROPIC_* of the process.
    authToken: null,
    baseURL: connection.base_url ?? 'https://api.anthropic.com',
    maxRetries: 0,
    timeout: LONGEST_TIMEOUT_MS,
    logLevel: 'off',
    fetch: http.fetchFor(connection),
  })
}
