import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { RateLimiter } from './cache-port.ts'

/** The library rejects with its own result when a key is over its limit; here both are answers. */
export function limiterOf(limiter: RateLimiterAbstract): RateLimiter {
  return {
    take: async (key) => {
      try {
        return answer(true, await limiter.consume(key))
      } catch (error) {
        if (error instanceof RateLimiterRes) return answer(false, error)
        throw error
      }
    },
  }
}

function answer(allowed: boolean, result: RateLimiterRes) {
  return {
    allowed,
    remaining: Math.max(0, result.remainingPoints),
    resetMs: Math.max(0, result.msBeforeNext),
  }
}
