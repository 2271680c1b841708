import type { Request, Response } from 'express'
import { canonicalHash } from '../../shared/canonical-json.ts'
import { StewardError } from '../../shared/errors.ts'
import type { AuthContext } from '../auth-context.ts'
import { requestLogger } from '../request-context.ts'
import type { KeptAnswers } from './kept-answers.ts'

const KEY = /^[\x21-\x7e]{8,200}$/

/** The caller's Idempotency-Key, if it sent one. */
export function idempotencyKeyOf(req: Request): string | null {
  const key = req.get('Idempotency-Key')
  if (key === undefined) return null
  if (KEY.test(key)) return key
  throw new StewardError(
    'invalid_request',
    'An Idempotency-Key has 8 to 200 printable characters without spaces.',
  )
}

/**
 * Runs a POST once for each Idempotency-Key of a person: a repeat is answered what the first one
 * was, one at the same time or for another body is refused. What failed may be tried again.
 * (After draft-ietf-httpapi-idempotency-key-header.)
 */
export async function answerOnce(
  kept: KeptAnswers,
  auth: AuthContext,
  call: { req: Request; res: Response; status: number },
  run: () => Promise<unknown>,
): Promise<unknown> {
  const { req, res } = call
  const key = idempotencyKeyOf(req)
  if (key === null) return run()
  const path = `${req.baseUrl}${req.path}`
  const fingerprint = canonicalHash({ method: req.method, path, body: req.body ?? null })
  const begun = await kept.begin(auth, key, fingerprint)
  if (begun.kind === 'answered') {
    res.setHeader('Idempotent-Replayed', 'true')
    res.status(begun.answer.status)
    return begun.answer.body
  }
  if (begun.kind !== 'new') throw refusal(begun.kind)
  const body = await run().catch(async (error: unknown) => {
    await kept.release(auth, key)
    throw error
  })
  const streamed = body === undefined && res.headersSent
  try {
    await kept.finish(auth, key, streamed ? null : { status: call.status, body })
  } catch (err) {
    // It was done: the key stays taken, so that a repeat is refused instead of doing it again.
    requestLogger(res).error({ err }, 'an answer could not be kept for its Idempotency-Key')
  }
  return body
}

function refusal(kind: 'running' | 'streamed' | 'other_request'): StewardError {
  const message = {
    running: 'The first call with this Idempotency-Key is still under way.',
    streamed: 'This Idempotency-Key was used for a streamed answer, which is not kept.',
    other_request: 'This Idempotency-Key was used before for something else.',
  }[kind]
  const details = { reason: kind, ...(kind === 'running' && { retry_after_seconds: 1 }) }
  return new StewardError('idempotency_conflict', message, { details })
}
