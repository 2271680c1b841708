import type { Clock } from '../../shared/clock.ts'
import type { SharedState } from './cache-port.ts'
import { inProcessState } from './in-process-state.ts'
import { redisState } from './redis-state.ts'

export { inspectRedis } from './inspect-redis.ts'
export type { Fanout, HotCache, RateLimiter, SharedState } from './cache-port.ts'

/** State shared by replicas: in Redis when there is a URL, else in this process. */
export function openSharedState(redisUrl: string | null, clock: Clock): SharedState {
  return redisUrl ? redisState(redisUrl) : inProcessState(clock)
}
