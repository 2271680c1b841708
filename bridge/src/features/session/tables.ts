import type { Generated } from 'kysely'
import type { SiteIdentity } from '../../shared/site-protocol.ts'

export interface SessionTable {
  id: string
  site_id: string
  person: string
  team_id: string
  /** How the person got in; an interactive one ends with its ERPNext session. */
  kind: 'interactive' | 'oauth' | 'api_key'
  session_binding: string | null
  /** Sealed; the row's id is the associated data. For an API key: `key:secret`. */
  site_token: string
  site_refresh_token: string | null
  site_token_expires_at: Date | null
  identity: SiteIdentity
  created_at: Generated<Date>
  checked_at: Date
  ended_at: Date | null
  ended_reason: 'logout' | 'refresh_reused' | 'site_grant_expired' | 'replaced' | null
}

export interface RefreshTokenTable {
  hash: string
  session_id: string
  created_at: Generated<Date>
  expires_at: Date
  used_at: Date | null
}

/** What waits for the browser to come back: an OAuth state, or a one-time code for the page. */
export interface SignInStepTable {
  hash: string
  kind: 'state' | 'code'
  /** Sealed: the PKCE verifier, or the session id. */
  sealed: string
  return_to: string
  expires_at: Date
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    session: SessionTable
    refresh_token: RefreshTokenTable
    sign_in_step: SignInStepTable
  }
}
