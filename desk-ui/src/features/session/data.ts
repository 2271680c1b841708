import { callBridge } from '../../bridge/client.ts'
import { callSiteMethod } from '../../bridge/site-records.ts'
import type { SessionGrant } from '../../bridge/protocol.ts'
import type { Formats } from '../../components/formats.ts'

export interface BridgeSession {
  access_token: string
  expires_in: number
  refresh_token: string | null
}

export type Role = 'viewer' | 'user' | 'manager' | 'admin' | 'owner'

export interface Me {
  person: { user: string; full_name: string; email: string; currency: string } & Formats
  team: { id: string; name: string; role: Role }
}

/** A bearer of ERPNext's own for the person who is logged in there; needs their cookie and CSRF token. */
export async function grantFromSite(): Promise<string> {
  const { access_token } = await callSiteMethod<SessionGrant>('steward.api.session.grant')
  return access_token
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
