import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import {
  isAxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
} from 'axios'
import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  BulkheadRejectedError,
  ConsecutiveBreaker,
  handleWhen,
  wrap,
  type IPolicy,
} from 'cockatiel'
import { FrappeApp } from 'frappe-js-sdk'
import { isStewardError, StewardError } from '../../shared/errors.ts'
import type { Metrics } from '../telemetry/index.ts'
import { RetryBudget } from './retry-budget.ts'
import { SiteError, siteErrorOf } from './site-error.ts'
import type { SiteCallOptions } from './site-port.ts'

export interface SiteTransportOptions {
  url: string
  siteName: string | null
  /** Most calls at once; more wait in line. */
  concurrency: number
  timeoutMs: number
  metrics: Metrics
}

const QUEUE = 1_000
const MOST_RETRIES = 2
const FIRST_RETRY_MS = 150
const BREAKER_FAILURES = 8
const BREAKER_REST_MS = 5_000

/**
 * Every call to one site goes through here: kept-alive connections, a cap on calls at once, a
 * deadline, few retries where repeating is harmless, and a breaker that rests a site that is down.
 */
export class SiteTransport {
  readonly #axios: AxiosInstance
  readonly #options: SiteTransportOptions
  readonly #policy: IPolicy
  readonly #budget = new RetryBudget()
  readonly #agents: { destroy(): void }[]

  constructor(options: SiteTransportOptions) {
    this.#options = options
    // The SDK loads axios' CommonJS build: the same class, typed apart from the ESM one.
    this.#axios = new FrappeApp(options.url).axios as unknown as AxiosInstance
    const agent = { keepAlive: true, maxSockets: options.concurrency + 4 }
    const httpAgent = new HttpAgent(agent)
    const httpsAgent = new HttpsAgent(agent)
    this.#agents = [httpAgent, httpsAgent]
    Object.assign(this.#axios.defaults, {
      httpAgent,
      httpsAgent,
      maxRedirects: 0,
      withCredentials: false,
      validateStatus: () => true,
    })
    this.#policy = wrap(
      bulkhead(options.concurrency, QUEUE),
      circuitBreaker(handleWhen(isOutage), {
        halfOpenAfter: BREAKER_REST_MS,
        breaker: new ConsecutiveBreaker(BREAKER_FAILURES),
      }),
    )
  }

  /** Sends one request, within `options`; resolves to the body of a good answer. */
  async send(request: AxiosRequestConfig, options: SiteCallOptions = {}): Promise<unknown> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? this.#options.timeoutMs)
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
    const repeatable = options.repeatable ?? true
    const stop = this.#options.metrics.siteDuration.startTimer({
      kind: repeatable ? 'read' : 'write',
    })
    try {
      return await this.#withRetries(request, signal, repeatable)
    } catch (error) {
      throw this.#final(error, signal, options.signal, repeatable)
    } finally {
      stop()
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }

  async #withRetries(
    request: AxiosRequestConfig,
    signal: AbortSignal,
    repeatable: boolean,
  ): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const body = await this.#policy.execute(() => this.#once(request, signal))
        this.#options.metrics.siteCalls.inc({ outcome: 'ok' })
        this.#budget.success()
        return body
      } catch (error) {
        this.#options.metrics.siteCalls.inc({ outcome: outcomeOf(error) })
        const wait = retryDelay(error, attempt, repeatable)
        if (signal.aborted || wait === null || !this.#budget.take()) throw error
        await pause(wait, signal)
      }
    }
  }

  async #once(request: AxiosRequestConfig, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted()
    const headers = {
      Accept: 'application/json',
      ...(this.#options.siteName ? { 'X-Frappe-Site-Name': this.#options.siteName } : {}),
      ...request.headers,
    }
    const response: AxiosResponse<unknown> = await this.#axios.request({
      ...request,
      headers,
      signal,
    })
    if (response.status >= 400) {
      throw siteErrorOf(
        response.status,
        response.data,
        response.headers['retry-after'] as string | undefined,
      )
    }
    if (typeof response.data === 'string' && response.status !== 204) {
      throw new SiteError(
        'site_refused',
        'The address answers with a page, not with Frappe JSON. Is it the site?',
        'NotJson',
        response.status,
      )
    }
    return response.data
  }

  #final(
    error: unknown,
    signal: AbortSignal,
    caller: AbortSignal | undefined,
    repeatable: boolean,
  ): unknown {
    if (isStewardError(error)) return error
    if (caller?.aborted)
      return new StewardError('cancelled', 'The call to ERPNext was stopped.', { cause: error })
    if (error instanceof BrokenCircuitError)
      return unreachable(
        'ERPNext did not answer several times; the next try is in a few seconds.',
        error,
      )
    if (error instanceof BulkheadRejectedError)
      return new StewardError('site_busy', 'Too many calls to ERPNext are waiting.', {
        cause: error,
      })
    if (neverArrived(error))
      return unreachable(`ERPNext cannot be reached at ${this.#options.url}.`, error)
    if (!repeatable)
      return new StewardError(
        'outcome_unknown',
        'ERPNext did not answer; it may have done it or not.',
        { cause: error },
      )
    if (signal.aborted)
      return new StewardError('site_timeout', 'ERPNext took too long to answer.', { cause: error })
    return unreachable('The connection to ERPNext broke.', error)
  }
}

function unreachable(message: string, cause: unknown): StewardError {
  return new StewardError('site_unreachable', message, { cause })
}

const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** True when the request cannot have reached the site, so that nothing was done. */
function neverArrived(error: unknown): boolean {
  return isAxiosError(error) && NEVER_ARRIVED.has(error.code ?? '')
}

function isOutage(error: unknown): boolean {
  return isAxiosError(error) && error.code !== 'ERR_CANCELED'
}

function outcomeOf(error: unknown): string {
  if (error instanceof SiteError) return error.code
  return error instanceof BrokenCircuitError ? 'breaker_open' : 'no_answer'
}

/** Milliseconds to wait before the next try; null when there must be none. */
function retryDelay(error: unknown, attempt: number, repeatable: boolean): number | null {
  if (attempt >= MOST_RETRIES) return null
  const backoff = FIRST_RETRY_MS * 2 ** attempt * (0.5 + Math.random())
  if (error instanceof SiteError && error.code === 'site_busy') {
    const asked = error.details.retry_after_seconds
    return typeof asked === 'number' ? asked * 1000 : backoff
  }
  if (!isAxiosError(error)) return null
  return repeatable || neverArrived(error) ? backoff : null
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
