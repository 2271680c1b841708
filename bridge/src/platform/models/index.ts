export { createModels } from './models.ts'
export { ModelFailure } from './model-failure.ts'
export type {
  FinishReason,
  ModelContent,
  ModelEvent,
  ModelFailureKind,
  ModelMessage,
  ModelPort,
  ModelRequest,
  ModelTool,
  ModelToolCall,
  ModelUsage,
  ProviderConnection,
  ProviderKind,
} from './model-port.ts'
