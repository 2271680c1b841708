const MOST = 20
const PER_SUCCESS = 0.1

/**
 * Retries may add a tenth to the load and no more: each success earns a tenth of a retry, each
 * retry costs a whole one (the token bucket of Google's SRE book, "Handling Overload").
 */
export class RetryBudget {
  #tokens = MOST

  success(): void {
    this.#tokens = Math.min(MOST, this.#tokens + PER_SUCCESS)
  }

  take(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
