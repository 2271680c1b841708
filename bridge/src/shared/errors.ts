/** Stable, machine-readable reasons; `http/problem.ts` maps them to a status in one place. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'session_expired'
  | 'site_grant_expired'
  | 'refresh_reused'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'idempotency_conflict'
  | 'hash_mismatch'
  | 'already_decided'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'rate_limited'
  | 'quota_exceeded'
  | 'budget_exceeded'
  | 'price_unknown'
  | 'no_model_available'
  | 'model_failed'
  | 'content_refused'
  | 'context_too_long'
  | 'site_unreachable'
  | 'site_timeout'
  | 'site_busy'
  | 'site_refused'
  | 'outcome_unknown'
  | 'cancelled'
  | 'deadline_exceeded'
  | 'address_not_allowed'
  | 'misconfigured'
  | 'unavailable'
  | 'internal'

export interface ErrorOptions {
  /** Data a program may act on: fields, limits, retry times. Never secrets. */
  details?: Record<string, unknown>
  cause?: unknown
}

/** The one base of every error Steward throws on purpose. `message` is a sentence for a person. */
export class StewardError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'StewardError'
    this.code = code
    this.details = options.details ?? {}
  }
}

/** True for a StewardError with one of `codes`, or for any StewardError when none is given. */
export function isStewardError(error: unknown, ...codes: ErrorCode[]): error is StewardError {
  return error instanceof StewardError && (codes.length === 0 || codes.includes(error.code))
}
