import { callBridge } from '../../bridge/client.ts'
import { Problem } from '../../bridge/problem.ts'
import type { SessionGrant } from '../../bridge/protocol.ts'

export interface BridgeSession {
  access_token: string
  expires_in: number
  refresh_token: string | null
}

export type Role = 'viewer' | 'user' | 'manager' | 'admin' | 'owner'

export interface Me {
  person: { user: string; full_name: string; email: string; currency: string }
  team: { id: string; name: string; role: Role }
}

/** A bearer of ERPNext's own for the person who is logged in there; needs their cookie and CSRF token. */
export async function grantFromSite(csrfToken: string): Promise<string> {
  const response = await fetch('/api/method/steward.api.session.grant', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-frappe-csrf-token': csrfToken,
    },
    body: '{}',
  }).catch(() => {
    throw new Problem(
      0,
      'offline',
      'ERPNext cannot be reached. Check the connection and try again.',
    )
  })
  if (!response.ok) throw await siteProblem(response)
  const { message } = (await response.json()) as { message: SessionGrant }
  return message.access_token
}

export function exchangeGrant(accessToken: string): Promise<BridgeSession> {
  return callBridge('/session/exchange', {
    method: 'POST',
    body: { access_token: accessToken },
    anonymous: true,
  })
}

/** Redeems the one-time code that the OAuth sign-in came back with. */
export function exchangeCode(code: string): Promise<BridgeSession> {
  return callBridge('/session/exchange', { method: 'POST', body: { code }, anonymous: true })
}

export function refreshSession(refreshToken: string): Promise<BridgeSession> {
  return callBridge('/session/refresh', {
    method: 'POST',
    body: { refresh_token: refreshToken },
    anonymous: true,
  })
}

export function fetchMe(): Promise<Me> {
  return callBridge('/me')
}

async function siteProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as {
    exc_type?: string
    _server_messages?: string
  }
  const said = serverMessage(body._server_messages)
  const status = body.exc_type === 'CSRFTokenError' ? 401 : response.status
  return new Problem(status, 'unauthenticated', said ?? 'ERPNext did not let you sign in here.')
}

/** `_server_messages` is a JSON list of JSON objects, each with a message that may hold HTML. */
function serverMessage(list: string | undefined): string | null {
  try {
    const first = (JSON.parse(list ?? '[]') as string[])[0]
    const { message } = JSON.parse(first ?? '{}') as { message?: string }
    return message ? message.replace(/<[^>]*>/g, '') : null
  } catch {
    return null
  }
}
