import { createMessagesAdapter } from './anthropic-messages.ts'
import { createAddressGuard } from './address-guard.ts'
import { createChatCompletionsAdapter } from './chat-completions.ts'
import type { ModelAdapter } from './model-adapter.ts'
import { createModelHttp } from './model-http.ts'
import type { ModelPort, ProviderKind } from './model-port.ts'
import { createResponsesAdapter } from './openai-responses.ts'

export interface ModelsOptions {
  /** STEWARD_ALLOW_PRIVATE_ENDPOINTS: addresses of a site's records may be private. */
  allow_private_endpoints: boolean
  connect_timeout_ms?: number
  /** Sockets kept per provider. */
  connections?: number
}

/** The model port over the network. `close` tears open connections down. */
export function createModels(options: ModelsOptions): ModelPort & { close(): Promise<void> } {
  const http = createModelHttp({
    guard: createAddressGuard({ allow_private: options.allow_private_endpoints }),
    connect_timeout_ms: options.connect_timeout_ms ?? 5_000,
    connections: options.connections ?? 256,
  })
  const responses = createResponsesAdapter(http)
  const adapters: Record<ProviderKind, ModelAdapter> = {
    openai: responses,
    xai: responses,
    anthropic: createMessagesAdapter(http),
    openai_compatible: createChatCompletionsAdapter(http),
  }
  return {
    stream: (connection, request, signal) =>
      adapters[connection.kind].stream(connection, request, signal),
    check: async (connection, signal) => ({
      models: await adapters[connection.kind].listModels(connection, signal),
    }),
    close: () => http.close(),
  }
}
