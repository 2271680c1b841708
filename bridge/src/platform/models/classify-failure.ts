import { ModelFailure } from './model-failure.ts'
import type { ModelFailureKind } from './model-port.ts'
import { retryAfterMs } from './retry-after.ts'

/** An answer that is not the answer, as far as it could be read. */
export interface FailedResponse {
  provider: string
  /** Null for an error inside a stream, where no status is left to send. */
  status: number | null
  header: (name: string) => string | null
  /** The body, parsed when it was JSON, else its text. */
  body: unknown
}

const CONTEXT =
  /context_length_exceeded|context[ _](length|window)|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds? the (maximum|max).{0,30}tokens|request_too_large/i
const CREDIT =
  /insufficient_quota|insufficient[ _](quota|credit|fund|balance)|exceeded your current quota|credit balance|out of credits|no credits|used all available credits|spending limit|billing_(hard_limit|not_active|error)|payment required/i
const REFUSED =
  /content_policy|content_filter|content policy|ResponsibleAIPolicy|safety system|moderation|image_content_policy_violation|policy_violation|bio_policy/i
const OVERLOADED = /overloaded|over capacity|no capacity|server_busy/i
const RATE = /rate_limit|rate limit|resource_exhausted|too many requests/i

/** The typed failure of an HTTP answer or of an error event inside a stream. */
export function classifyFailure(response: FailedResponse): ModelFailure {
  const words = errorWords(response.body)
  const kind = failureKind(response.status, words.all)
  const status = response.status === null ? '' : ` (status ${response.status})`
  return new ModelFailure(kind, `${response.provider} ${SENTENCE[kind]}${status}.`, {
    provider: response.provider,
    status: response.status,
    retry_after_ms: retryAfterMs(response.header, Date.now()),
    provider_message: words.message,
  })
}

const SENTENCE: Record<ModelFailureKind, string> = {
  connect: 'could not be reached',
  timeout_first_token: 'did not begin to answer in time',
  timeout_between_tokens: 'stopped in the middle of its answer',
  timeout_total: 'did not finish in time',
  rate_limited: 'asks to slow down',
  overloaded: 'is overloaded',
  server_error: 'failed',
  authentication: 'did not accept the key',
  out_of_credit: 'says the account has no credit left',
  context_too_long: 'says the conversation is too long for this model',
  content_refused: 'refused this content',
  invalid_request: 'did not accept the request',
  model_not_found: 'does not offer this model',
  truncated_stream: 'ended its answer before it was complete',
  malformed_response: 'answered something that is not an answer',
  cancelled: 'was stopped',
}

function failureKind(status: number | null, words: string): ModelFailureKind {
  if (status === 413 || (isClientSide(status) && CONTEXT.test(words))) return 'context_too_long'
  if (status === 402 || (isClientSide(status) && CREDIT.test(words))) return 'out_of_credit'
  if (isClientSide(status) && status !== 429 && REFUSED.test(words)) return 'content_refused'
  if (status === 529 || (!isRefusal(status) && OVERLOADED.test(words))) return 'overloaded'
  if (status === 429 || (status === null && RATE.test(words))) return 'rate_limited'
  if (status === null || status >= 500 || status === 408 || status === 409) return 'server_error'
  if (status === 401 || status === 403) return 'authentication'
  if (status === 404) return 'model_not_found'
  return status >= 400 ? 'invalid_request' : 'malformed_response'
}

/** Errors inside a stream carry no status: their words alone decide. */
function isClientSide(status: number | null): boolean {
  return status === null || (status >= 400 && status < 500)
}

function isRefusal(status: number | null): boolean {
  return status !== null && status >= 400 && status < 429
}

interface ErrorWords {
  message: string | null
  /** Everything that may hold a code: type, code, status, message. */
  all: string
}

/**
 * Reads the shapes in use: `{error: {message, type, code}}`, `{error: "…", code}` (xAI),
 * `[{error: …}]` (Gemini), `{message}` (vLLM), or plain text.
 */
function errorWords(body: unknown): ErrorWords {
  if (typeof body === 'string') return { message: body.slice(0, 500), all: body.slice(0, 2000) }
  if (Array.isArray(body)) return errorWords(body[0])
  if (typeof body !== 'object' || body === null) return { message: null, all: '' }
  const outer = body as Record<string, unknown>
  const inner = isRecord(outer['error']) ? outer['error'] : outer
  const message = firstString(inner['message'], outer['error'], outer['message'], outer['detail'])
  const parts = [inner['type'], inner['code'], inner['status'], outer['code'], message]
  return { message, all: parts.filter((part) => part != null).join(' ') }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function firstString(...values: unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string') ?? null
}
