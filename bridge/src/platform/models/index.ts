export { createModels } from './models.ts'
export { createPriceBook, type ModelPrice, type PriceBook } from './price-book.ts'
export { ModelFailure } from './model-failure.ts'
export type {
  ModelContent,
  ModelEvent,
  ModelFailureKind,
  ModelMessage,
  ModelPort,
  ModelRequest,
  ModelTool,
  ModelToolCall,
  ModelUsage,
  ProviderItem,
  ProviderConnection,
} from './model-port.ts'
