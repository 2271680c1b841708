import type { NextFunction, Request, Response } from 'express'
import { problemOf } from '../../http/index.ts'

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
}

/** An error in OpenAI's form, with Steward's stable code, for clients of the compatible endpoints. */
export function openAiError(error: unknown, requestId = '') {
  const problem = problemOf(error, requestId)
  // OpenAI's clients know a too long conversation as a bad request.
  const status = problem.code === 'context_too_long' ? 400 : problem.status
  const issues = problem.details?.['issues'] as { path: string; message: string }[] | undefined
  const first = issues?.[0]
  return {
    status,
    retry_after_seconds: retryAfter(problem.details),
    body: {
      error: {
        message: first ? `${first.path}: ${first.message}` : problem.detail,
        type: TYPES[status] ?? 'api_error',
        param: first?.path ?? null,
        code: problem.code === 'context_too_long' ? 'context_length_exceeded' : problem.code,
      },
    },
  }
}

/** Sends errors of the compatible endpoints; express knows it by its four parameters. */
export function sendOpenAiError(
  error: unknown,
  _req: Request,
  res: Response,
  next: NextFunction,
): void {
  if (res.headersSent) {
    next(error)
    return
  }
  const answer = openAiError(error, String(res.locals['request_id'] ?? ''))
  if (answer.retry_after_seconds !== null) {
    res.setHeader('Retry-After', String(answer.retry_after_seconds))
  }
  // 499 says that nobody is listening any more.
  if (answer.status !== 499) res.status(answer.status).json(answer.body)
  else res.status(499).end()
}

function retryAfter(details: Record<string, unknown> | undefined): number | null {
  const seconds = details?.['retry_after_seconds']
  if (typeof seconds === 'number') return Math.ceil(seconds)
  const milliseconds = details?.['retry_after_ms']
  return typeof milliseconds === 'number' ? Math.ceil(milliseconds / 1000) : null
}
