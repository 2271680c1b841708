import type { ModelFailureKind } from '../../platform/models/index.ts'

/** What a failure before the first token means for the next choice. */
export interface FallbackRule {
  /** Another provider or model may be tried. */
  next: boolean
  /** Only one with a larger context window. */
  larger_window: boolean
  /** The one that failed is left alone for a while. */
  rest: boolean
}

const YES: FallbackRule = { next: true, larger_window: false, rest: true }
const NO: FallbackRule = { next: false, larger_window: false, rest: false }

const RULES: Record<ModelFailureKind, FallbackRule> = {
  connect: YES,
  timeout_first_token: YES,
  timeout_between_tokens: YES,
  timeout_total: NO,
  rate_limited: YES,
  overloaded: YES,
  server_error: YES,
  authentication: YES,
  out_of_credit: YES,
  model_not_found: YES,
  truncated_stream: YES,
  malformed_response: YES,
  context_too_long: { next: true, larger_window: true, rest: false },
  content_refused: NO,
  invalid_request: NO,
  cancelled: NO,
}

/**
 * The fallback matrix. It holds before the first token only; once a person has seen part of an
 * answer, nothing else is tried, whatever happened.
 */
export function fallbackRule(kind: ModelFailureKind): FallbackRule {
  return RULES[kind]
}
