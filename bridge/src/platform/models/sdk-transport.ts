import { ModelFailure } from './model-failure.ts'

/** The longest time a timer can hold: the SDKs' own time-outs are as good as off. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647

/** Throws `malformed_response` when status 200 came with something else than an event stream. */
export function requireEventStream(response: Response, provider: string): void {
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('event-stream')) return
  void response.body?.cancel().catch(() => undefined)
  throw new ModelFailure(
    'malformed_response',
    `${provider} answered ${type || 'an unnamed type'} instead of a model's answer.`,
    { provider, status: response.status },
  )
}
