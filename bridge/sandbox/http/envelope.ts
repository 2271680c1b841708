import { randomBytes } from 'node:crypto'
import type { SiteMessage } from '../site/contract.ts'
import { SiteError } from '../site/index.ts'
import type { Reply, SiteResponse } from './exchange.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** A successful v1 answer; messages of `msgprint` ride along. */
export function success(
  key: 'message' | 'data',
  value: unknown,
  reply: Reply,
  messages: SiteMessage[],
): SiteResponse {
  if (reply.raw) return withCookies(reply.raw, reply)
  const payload: Record<string, unknown> = { ...reply.extra }
  if (value !== undefined && (value !== null || key === 'data')) payload[key] = value
  addMessages(payload, messages)
  return withCookies(json(reply.status ?? 200, payload), reply)
}

export function json(status: number, payload: unknown): SiteResponse {
  return { status, headers: { ...JSON_TYPE }, body: JSON.stringify(payload) }
}

export function html(status: number, body: string): SiteResponse {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function withCookies(response: SiteResponse, reply: Reply): SiteResponse {
  if (reply.cookies.length === 0) return response
  return { ...response, headers: { ...response.headers, 'set-cookie': reply.cookies } }
}

/** The v1 error envelope; `_server_messages` is JSON in JSON, as Frappe sends it. */
export function failure(error: unknown, messages: SiteMessage[], reply: Reply): SiteResponse {
  const known = asSiteError(error)
  const payload: Record<string, unknown> = { ...reply.extra, exc_type: known.excType }
  if (known.status !== 404) Object.assign(payload, traceback(known))
  if (known.summary) payload._error_message = known.summary
  const raised = known.silent ? [] : [known.toMessage()]
  addMessages(payload, [...messages, ...raised])
  return withCookies(json(known.status, payload), reply)
}

/** A programming error of an app answers 500 with its own class name, as in Python. */
function asSiteError(error: unknown): SiteError {
  if (error instanceof SiteError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  return new SiteError(cause.name, cause.message, { silent: true, status: 500 })
}

function traceback(error: SiteError): Record<string, unknown> {
  // Permission failures are raised bare; their reason is in the messages.
  const text = error.summary ? '' : error.message
  const exception = text ? `${qualified(error)}: ${text}` : qualified(error)
  const lines = ['Traceback (most recent call last):', exception].join('\n')
  return { exception, exc: JSON.stringify([lines]) }
}

function qualified(error: SiteError): string {
  return error.status === 500 ? error.excType : `frappe.exceptions.${error.excType}`
}

function addMessages(payload: Record<string, unknown>, messages: SiteMessage[]): void {
  if (messages.length === 0) return
  const encoded = messages.map((message) =>
    JSON.stringify({ ...message, __frappe_exc_id: randomBytes(16).toString('hex') }),
  )
  payload._server_messages = JSON.stringify(encoded)
}
