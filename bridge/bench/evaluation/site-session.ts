import { StewardError } from '../../src/shared/errors.ts'
import type { SiteSession } from '../../src/features/assistant/ports.ts'

/** A site over plain REST as one signed-in person, counting its calls. */
type ListQuery = Parameters<SiteSession['list']>[1]

export interface CountedSession extends SiteSession {
  calls(): number
}

/** Signs in with a password and keeps the cookie; for evaluations on a sandbox or a test site only. */
export async function signIn(url: string, user: string, password: string): Promise<CountedSession> {
  const answer = await fetch(`${url}/api/method/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ usr: user, pwd: password }),
  })
  if (!answer.ok) throw new StewardError('unauthenticated', `${user} could not sign in to ${url}.`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return sessionOf(url, { cookie })
}

function sessionOf(url: string, headers: Record<string, string>): CountedSession {
  let calls = 0
  async function send<T>(path: string, body: unknown): Promise<T> {
    calls++
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const json = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw refusal(json)
    return (json.message ?? json.data) as T
  }
  return {
    calls: () => calls,
    call: (method, args) => send(`/api/method/${method}`, args),
    list: (doctype, query) =>
      send('/api/method/frappe.client.get_list', { doctype, ...listArguments(query) }),
    scan: () => {
      throw new StewardError('unavailable', 'An evaluation reads no whole tables.')
    },
    get: (doctype, name) =>
      send(`/api/resource/${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`, undefined),
  }
}

function listArguments({ limit, start, ...rest }: ListQuery) {
  return { ...rest, limit_page_length: limit, limit_start: start ?? 0 }
}

function refusal(json: Record<string, unknown>): StewardError {
  const messages = JSON.parse(String(json._server_messages ?? '[]')) as string[]
  const told = messages.map((text) => (JSON.parse(text) as { message: string }).message)
  const message =
    told.join(' ').replaceAll(/<[^>]*>/g, '') || String(json.exception ?? json.exc_type)
  const missing = json.exc_type === 'DoesNotExistError'
  return new StewardError(missing ? 'not_found' : 'site_refused', message, {
    details: { exc_type: json.exc_type },
  })
}
