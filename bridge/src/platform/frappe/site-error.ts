import { StewardError, type ErrorCode } from '../../shared/errors.ts'

/** What ERPNext refused, in its own words. `exc_type` is Frappe's exception class. */
export class SiteError extends StewardError {
  readonly exc_type: string
  readonly http_status: number

  constructor(
    code: ErrorCode,
    message: string,
    exc_type: string,
    http_status: number,
    retryAfterSeconds?: number,
  ) {
    const retry = retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }
    super(code, message, { details: { exc_type, http_status, ...retry } })
    this.name = 'SiteError'
    this.exc_type = exc_type
    this.http_status = http_status
  }
}

/** Frappe exceptions that pass by themselves: the same call may simply be sent again. */
const TRANSIENT = new Set([
  'QueryDeadlockError',
  'QueryTimeoutError',
  'DocumentLockedError',
  'SessionStopped',
  'InReadOnlyMode',
  'QueueOverloaded',
])

/**
 * Types an answer of status >= 400. `exc_type` decides; the status only helps where Frappe sends
 * none (proxies, HTML pages).
 */
export function siteErrorOf(
  status: number,
  body: unknown,
  retryAfter: string | undefined,
): SiteError {
  const envelope = isRecord(body) ? body : {}
  const excType = typeof envelope.exc_type === 'string' ? envelope.exc_type : `Http${status}`
  const message = serverMessages(envelope).join('\n') || fallbackMessage(envelope, status)
  return new SiteError(codeOf(status, excType), message, excType, status, seconds(retryAfter))
}

function codeOf(status: number, excType: string): ErrorCode {
  if (status === 401 || excType === 'AuthenticationError' || excType === 'SessionExpired')
    return 'site_grant_expired'
  if (
    status === 429 ||
    TRANSIENT.has(excType) ||
    status === 502 ||
    status === 503 ||
    status === 504
  )
    return 'site_busy'
  return 'site_refused'
}

/** `_server_messages` is a JSON array of JSON strings, each with HTML in it; plain text comes out. */
export function serverMessages(envelope: Record<string, unknown>): string[] {
  const outer = parsed(envelope._server_messages)
  if (!Array.isArray(outer)) return []
  return outer
    .map((entry) => parsed(entry))
    .map((entry) => (isRecord(entry) ? String(entry.message ?? '') : String(entry ?? '')))
    .map(plainText)
    .filter(Boolean)
}

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

/** Text of a short HTML message: tags out, breaks as line ends. */
export function plainText(html: string): string {
  return html
    .replaceAll(/<(?:br|\/p|\/li|\/div)\s*\/?>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/\n{2,}/g, '\n')
    .trim()
}

function fallbackMessage(envelope: Record<string, unknown>, status: number): string {
  if (status === 401) return 'Your sign-in to ERPNext has ended. Please sign in again.'
  // Frappe 16 explains a refused document here and sends an empty message.
  const explained = plainText(String(envelope._error_message ?? ''))
  if (explained) return explained
  const exception = typeof envelope.exception === 'string' ? envelope.exception : ''
  const ownWords = exception.includes(':') ? exception.slice(exception.indexOf(':') + 1) : ''
  return plainText(ownWords) || `ERPNext answered with status ${status}.`
}

function seconds(retryAfter: string | undefined): number | undefined {
  const value = Number(retryAfter)
  return retryAfter && Number.isFinite(value) && value >= 0 ? value : undefined
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
