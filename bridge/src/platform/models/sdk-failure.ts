import { classifyFailure } from './classify-failure.ts'
import { abortFailure, ModelFailure } from './model-failure.ts'
import { isStewardError } from '../../shared/errors.ts'

/** What both providers' SDKs put on their API errors. */
interface SdkError extends Error {
  status?: number | undefined
  headers?: Headers | undefined
  error?: unknown
}

/**
 * The ModelFailure of whatever an SDK threw. `started` says whether the answer had begun: then a
 * broken connection is a cut answer, before that it is a failed connection.
 */
export function failureFromSdk(
  thrown: unknown,
  provider: string,
  signal: AbortSignal,
  started: boolean,
): ModelFailure {
  if (signal.aborted) return abortFailure(signal, provider)
  if (thrown instanceof ModelFailure) return thrown
  if (thrown instanceof SyntaxError) {
    return new ModelFailure('malformed_response', `${provider} sent an unreadable event.`, {
      provider,
      cause: thrown,
    })
  }
  const error = thrown as SdkError
  if (error.status !== undefined || isApiBody(error.error)) return fromApiError(error, provider)
  return brokenConnection(error, provider, started)
}

function fromApiError(error: SdkError, provider: string): ModelFailure {
  return classifyFailure({
    provider,
    status: error.status ?? null,
    header: (name) => error.headers?.get(name) ?? null,
    body: error.error ?? error.message,
  })
}

function isApiBody(body: unknown): boolean {
  return typeof body === 'object' && body !== null
}

function brokenConnection(error: Error, provider: string, started: boolean): ModelFailure {
  const refused = rootCauses(error).find((cause) => isStewardError(cause, 'address_not_allowed'))
  if (refused) return new ModelFailure('connect', (refused as Error).message, { provider })
  if (started) {
    return new ModelFailure(
      'truncated_stream',
      `The connection to ${provider} broke in the middle of its answer.`,
      { provider, cause: error },
    )
  }
  return new ModelFailure('connect', `${provider} could not be reached.`, {
    provider,
    provider_message: error.message,
    cause: error,
  })
}

function rootCauses(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(cause)
  }
  return causes
}
