import type { ModelEvent, ModelRequest, ProviderConnection } from './model-port.ts'

/** What one kind of provider implements; the same contract as ModelPort. */
export interface ModelAdapter {
  stream(
    connection: ProviderConnection,
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncIterable<ModelEvent>
  listModels(connection: ProviderConnection, signal: AbortSignal): Promise<string[]>
}
