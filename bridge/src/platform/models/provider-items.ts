import type { ModelMessage, ProviderItem } from './model-port.ts'

/**
 * What this very model left for itself in an earlier round. Another provider or model gets none of
 * it: it could not read it, and most refuse a request that holds it.
 */
export function ownItems(
  message: ModelMessage & { role: 'assistant' },
  provider: string,
  model: string,
): unknown[] {
  return (message.provider_items ?? [])
    .filter((item) => item.provider === provider && item.model === model)
    .map((item: ProviderItem) => item.item)
}
