import type { NextFunction, Request, Response } from 'express'
import { ZodError } from 'zod'
import { StewardError, type ErrorCode } from '../shared/errors.ts'
import { requestLogger } from './request-context.ts'

const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  session_expired: 401,
  site_grant_expired: 401,
  refresh_reused: 401,
  budget_exceeded: 402,
  forbidden: 403,
  address_not_allowed: 403,
  not_found: 404,
  conflict: 409,
  idempotency_conflict: 409,
  hash_mismatch: 409,
  already_decided: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  site_refused: 422,
  content_refused: 422,
  context_too_long: 422,
  rate_limited: 429,
  quota_exceeded: 429,
  cancelled: 499,
  internal: 500,
  misconfigured: 500,
  model_failed: 502,
  site_unreachable: 502,
  price_unknown: 503,
  no_model_available: 503,
  site_busy: 503,
  unavailable: 503,
  outcome_unknown: 504,
  site_timeout: 504,
  deadline_exceeded: 504,
}

export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  request_id: string
  details?: Record<string, unknown>
}

/** RFC 9457 body of any thrown value; what is not ours says nothing of its inside. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = asStewardError(error)
  const details = Object.keys(known.details).length > 0 ? { details: known.details } : {}
  return {
    type: `https://steward.invalid/problems/${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status: STATUS[known.code],
    code: known.code,
    detail: known.message,
    request_id: requestId,
    ...details,
  }
}

/** The one place where errors become responses; express knows it by its four parameters. */
export function sendProblem(error: unknown, req: Request, res: Response, next: NextFunction): void {
  const problem = problemOf(error, res.locals.request_id ?? '')
  if (problem.status >= 500)
    requestLogger(res).error({ err: error, code: problem.code }, 'request failed')
  if (res.headersSent) {
    // The answer has begun: a broken connection tells the client that it is not whole.
    next(error)
    return
  }
  const retryAfter = problem.details?.retry_after_seconds
  if (typeof retryAfter === 'number') res.setHeader('Retry-After', String(Math.ceil(retryAfter)))
  if (problem.status === 401) res.setHeader('WWW-Authenticate', 'Bearer')
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

function asStewardError(error: unknown): StewardError {
  if (error instanceof StewardError) return error
  if (error instanceof ZodError) {
    return new StewardError('invalid_request', 'The request is not of the expected form.', {
      details: {
        issues: error.issues.map((issue) => ({
          path: issue.path.join('.'),
          message: issue.message,
        })),
      },
    })
  }
  if (isBodyParserError(error)) return fromBodyParser(error)
  return new StewardError(
    'internal',
    'Something went wrong here; the log has it under this request id.',
    { cause: error },
  )
}

interface BodyParserError {
  type: string
  status: number
}

function isBodyParserError(error: unknown): error is BodyParserError {
  return typeof error === 'object' && error !== null && 'type' in error && 'status' in error
}

function fromBodyParser(error: BodyParserError): StewardError {
  if (error.type === 'entity.too.large')
    return new StewardError('payload_too_large', 'The request body is too large.')
  return new StewardError('invalid_request', 'The request body is not valid JSON.')
}
