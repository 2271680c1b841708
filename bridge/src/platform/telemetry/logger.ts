import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

const SECRET_KEYS = [
  'authorization',
  'cookie',
  'password',
  'pwd',
  'secret',
  'api_key',
  'api_secret',
  'access_token',
  'refresh_token',
  'client_secret',
  'id_token',
  'code_verifier',
  'token',
  'sid',
  'private_key',
  'key_hash',
]

/** Paths pino blanks: each secret key at the top, one level and two levels down, and in headers. */
export const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
  `*.*.*.${key}`,
])

/** JSON logs to stdout (or `destination`); secrets blanked by key, wherever they hide in an object. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'steward' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: errorFields },
  }
  return destination ? pino(options, destination) : pino(options)
}

interface ErrorFields {
  type: string
  message: string
  code?: unknown
  stack?: string | undefined
  cause?: ErrorFields
}

/** An error without the request and configuration objects that HTTP clients hang on it. */
function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  }
}
