import type { Request } from 'express'
import type { AuthContext } from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { isStewardError, StewardError } from '../../shared/errors.ts'
import type { AccessTokens } from './access-token.ts'
import type { MembershipPort } from './session-ports.ts'
import { REMEMBER_MS, type OpenSessions } from './open-sessions.ts'
import { markChecked, type SessionRow } from './session-store.ts'
import type { SiteAccess } from './site-access.ts'

export interface AuthenticatorPorts {
  database: Database
  tokens: AccessTokens
  teams: MembershipPort
  access: SiteAccess
  clock: Clock
  open: OpenSessions
}

interface Checked {
  row: SessionRow
  role: AuthContext['role']
  until: number
}

/** A session in use asks ERPNext this often whether its grant still stands. */
const RECHECK_MS = 20_000
const MOST_REMEMBERED = 5_000

/** Checks the bearer of each call: our signature, a session that has not ended, a membership. */
export class SessionAuthenticator {
  readonly #ports: AuthenticatorPorts
  readonly #remembered = new Map<string, Checked>()

  constructor(ports: AuthenticatorPorts) {
    this.#ports = ports
    ports.open.onChange((id) => this.#remembered.delete(id))
  }

  readonly authenticate = async (req: Request): Promise<AuthContext> => {
    const token = /^Bearer (\S+)$/.exec(req.get('Authorization') ?? '')?.[1]
    if (!token)
      throw new StewardError('unauthenticated', 'Sign in first: this call carries no token.')
    const claims = await this.#ports.tokens.verify(token)
    const { row, role } = await this.#session(claims.sid)
    return {
      kind: 'session',
      site_id: row.site_id,
      team_id: row.team_id,
      person: row.person,
      role,
      credential_id: row.id,
      scopes: null,
    }
  }

  async #session(id: string): Promise<Checked> {
    const known = this.#remembered.get(id)
    if (known && known.until > this.#ports.clock.monotonic()) return known
    const row = await this.#ports.open.current(id)
    if (!row || row.ended_at) throw endedError(row)
    await this.#recheck(row)
    const membership = await this.#ports.teams.membership(row.site_id, row.person, row.team_id)
    if (!membership) throw new StewardError('forbidden', 'You are no longer a member of this team.')
    const checked = {
      row,
      role: membership.role,
      until: this.#ports.clock.monotonic() + REMEMBER_MS,
    }
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(id, checked)
    return checked
  }

  /**
   * Log-out in ERPNext, a new password or a withdrawn key end a grant: asking with it shows whether
   * that happened, also to whoever only reads what the bridge itself keeps.
   */
  async #recheck(row: SessionRow): Promise<void> {
    const now = this.#ports.clock.now()
    if (now.getTime() - row.checked_at.getTime() < RECHECK_MS) return
    try {
      await this.#ports.access.requireStanding(row)
    } catch (error) {
      if (isStewardError(error, 'site_grant_expired')) throw error
      // A site that does not answer says nothing of the grant: the session stands, the next call asks again.
      return
    }
    await this.#ports.database.systemStatement('note the check', (tx) =>
      markChecked(tx, row.id, now),
    )
  }
}

function endedError(row: SessionRow | null): StewardError {
  if (row?.ended_reason === 'site_grant_expired') {
    return new StewardError(
      'site_grant_expired',
      'Your sign-in to ERPNext has ended. Please sign in again; nothing you wrote is lost.',
    )
  }
  if (row?.ended_reason === 'refresh_reused') {
    return new StewardError(
      'refresh_reused',
      'This session was ended because one of its old tokens was used again.',
    )
  }
  return new StewardError('unauthenticated', 'This session has ended. Please sign in again.')
}
