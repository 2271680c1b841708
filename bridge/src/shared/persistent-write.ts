import { ExponentialBackoff, handleAll, retry } from 'cockatiel'

const ATTEMPTS = 14
const LONGEST_MS = 30_000

/**
 * Runs a write that must not be lost to a database that is away for a while: at once, and when that
 * fails again and again with pauses that grow from `firstMs`; begun with one second, for about five
 * minutes in all. Rejects with the last error after that.
 */
export async function persistently<T>(write: () => Promise<T>, firstMs: number): Promise<T> {
  try {
    return await write()
  } catch {
    const backoff = new ExponentialBackoff({ initialDelay: firstMs, maxDelay: LONGEST_MS })
    return retry(handleAll, { maxAttempts: ATTEMPTS, backoff }).execute(write)
  }
}
