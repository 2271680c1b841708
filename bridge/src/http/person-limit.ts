import type { Request, Response } from 'express'
import type { RateLimiter } from '../platform/cache/index.ts'
import { StewardError } from '../shared/errors.ts'
import type { AuthContext } from './auth-context.ts'

/** Counts one call; throws `rate_limited` over the limit. */
export type PersonLimit = (auth: AuthContext | null, req: Request, res: Response) => Promise<void>

/**
 * So many calls a minute for each person (for each address before sign-in), said in `RateLimit`
 * and `RateLimit-Policy` headers (the IETF draft that followed RFC 9331's structured style). API
 * keys have limits of their own.
 */
export function personLimit(limiter: RateLimiter, perMinute: number): PersonLimit {
  return async (auth, req, res) => {
    if (auth?.kind === 'api_key') return
    const key = auth ? `${auth.site_id}:${auth.person}` : `address:${req.ip ?? ''}`
    const { allowed, remaining, resetMs } = await limiter.take(key)
    const seconds = Math.ceil(resetMs / 1000)
    res.setHeader('RateLimit-Policy', `"person";q=${perMinute};w=60`)
    res.setHeader('RateLimit', `"person";r=${remaining};t=${seconds}`)
    if (allowed) return
    throw new StewardError(
      'rate_limited',
      `More than ${perMinute} calls in a minute; go on in ${seconds} s.`,
      {
        details: { retry_after_seconds: seconds },
      },
    )
  }
}
