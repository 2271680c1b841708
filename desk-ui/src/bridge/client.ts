import { boot } from './boot.ts'
import { noteAway } from './connection.ts'
import { Problem, problemOf } from './problem.ts'

/** Where calls get their bearer from; the session feature sets it. */
export interface TokenSource {
  token(): Promise<string>
  /** A fresh one, after the bridge refused the last. */
  renew(): Promise<string>
}

export interface BridgeCall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  query?: Record<string, string | number | null | undefined>
  signal?: AbortSignal
  headers?: Record<string, string>
  /** Sent as it is and never renewed: sign-in calls. */
  anonymous?: boolean
}

const RENEWABLE = ['unauthenticated', 'session_expired', 'site_grant_expired']
let tokens: TokenSource | null = null

export function setTokenSource(source: TokenSource): void {
  tokens = source
}

/** Calls the bridge and reads JSON; throws a Problem for everything else. */
export async function callBridge<T>(path: string, call: BridgeCall = {}): Promise<T> {
  const response = await openBridge(path, call)
  return (response.status === 204 ? null : await response.json()) as T
}

/** Calls the bridge and hands back the open response, for streams and downloads. */
export async function openBridge(path: string, call: BridgeCall = {}): Promise<Response> {
  if (call.anonymous || !tokens) return send(path, call, null)
  try {
    return await send(path, call, await tokens.token())
  } catch (error) {
    if (!(error instanceof Problem) || !RENEWABLE.includes(error.code)) throw error
    return send(path, call, await tokens.renew())
  }
}

async function send(path: string, call: BridgeCall, token: string | null): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers }
  if (token) headers.authorization = `Bearer ${token}`
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  const response = await fetch(urlOf(path, call.query), {
    method: call.method ?? 'GET',
    headers,
    signal: call.signal,
    credentials: 'omit',
    body: call.body === undefined ? undefined : JSON.stringify(call.body),
  }).catch((error: unknown) => {
    if (call.signal?.aborted) throw error
    throw unreachable()
  })
  if (answersInPlace(response)) throw unreachable()
  if (!response.ok) throw await problemOf(response)
  return response
}

/** A proxy says in its own words that there is no bridge behind it; the bridge's have a code. */
function answersInPlace({ status, headers }: Response): boolean {
  return [502, 503, 504].includes(status) && !headers.get('content-type')?.includes('problem+json')
}

function unreachable(): Problem {
  noteAway()
  return new Problem(0, 'offline', 'Steward cannot be reached. Check the connection and try again.')
}

function urlOf(path: string, query: BridgeCall['query'] = {}): string {
  const url = new URL(`${boot.bridgeUrl}/v1${path}`)
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(key, `${value}`)
  }
  return url.href
}

/** A key under which a repeated POST makes nothing twice. */
export function idempotencyHeader(): Record<string, string> {
  return { 'idempotency-key': crypto.randomUUID() }
}
