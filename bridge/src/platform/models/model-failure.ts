import { StewardError, type ErrorCode } from '../../shared/errors.ts'
import type { ModelFailureKind } from './model-port.ts'

const CODE: Record<ModelFailureKind, ErrorCode> = {
  connect: 'model_failed',
  timeout_first_token: 'deadline_exceeded',
  timeout_between_tokens: 'deadline_exceeded',
  timeout_total: 'deadline_exceeded',
  rate_limited: 'rate_limited',
  overloaded: 'unavailable',
  server_error: 'model_failed',
  authentication: 'model_failed',
  out_of_credit: 'model_failed',
  context_too_long: 'context_too_long',
  content_refused: 'content_refused',
  invalid_request: 'invalid_request',
  model_not_found: 'model_failed',
  truncated_stream: 'model_failed',
  malformed_response: 'model_failed',
  cancelled: 'cancelled',
}

/** What is known of a failure beside its kind. */
export interface ModelFailureFacts {
  provider: string
  /** HTTP status, when the provider answered at all. */
  status?: number | null
  /** How long the provider asked to be left alone. */
  retry_after_ms?: number | null
  /** The provider's own words, cut to a readable length. */
  provider_message?: string | null
  cause?: unknown
}

/** Why one call to one provider did not end in an answer. Never holds a key. */
export class ModelFailure extends StewardError {
  readonly kind: ModelFailureKind
  readonly provider: string
  readonly status: number | null
  readonly retry_after_ms: number | null
  readonly provider_message: string | null

  constructor(kind: ModelFailureKind, message: string, facts: ModelFailureFacts) {
    const retryAfter = facts.retry_after_ms ?? null
    super(CODE[kind], message, {
      cause: facts.cause,
      details: {
        kind,
        provider: facts.provider,
        status: facts.status ?? null,
        ...(retryAfter === null ? {} : { retry_after_ms: retryAfter }),
      },
    })
    this.name = 'ModelFailure'
    this.kind = kind
    this.provider = facts.provider
    this.status = facts.status ?? null
    this.retry_after_ms = retryAfter
    this.provider_message = facts.provider_message?.slice(0, 500) ?? null
  }
}

/**
 * The failure of an aborted call: the reason given to `AbortController.abort` when that is a
 * ModelFailure (a deadline of the gateway), else `cancelled`.
 */
export function abortFailure(signal: AbortSignal, provider: string): ModelFailure {
  if (signal.reason instanceof ModelFailure) return signal.reason
  return new ModelFailure('cancelled', 'The model call was stopped.', { provider })
}
