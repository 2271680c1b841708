export { createLogger, REDACTED_PATHS, type Logger } from './logger.ts'
export { createMetrics, type Metrics } from './metrics.ts'
