import type { Database } from '../../platform/database/index.ts'
import { randomToken, tokenHash, type Sealer } from '../../platform/crypto/index.ts'
import type { SiteClient, SiteCredential } from '../../platform/frappe/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import { STEWARD_METHODS, type SiteIdentity } from '../../shared/site-protocol.ts'
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { MembershipPort, SignedIn, TeamMembership } from './session-ports.ts'
import {
  auditOpening,
  endSession,
  insertRefreshToken,
  insertSession,
  readSession,
  takeRefreshToken,
  type SessionRow,
} from './session-store.ts'

export interface SessionServicePorts {
  database: Database
  site: SiteClient
  siteId: string
  teams: MembershipPort
  sealer: Sealer
  tokens: AccessTokens
  clock: Clock
  ids: Ids
  open: OpenSessions
}

/** Credentials of ERPNext, as they come in; `refresh_token` only from the OAuth code grant. */
export interface IncomingGrant {
  credential: SiteCredential
  refresh_token: string | null
}

const REFRESH_TOKEN_DAYS = 30
const DAY_MS = 86_400_000

/** Sessions of the bridge: made from a grant of ERPNext, renewed, ended. */
export class SessionService {
  readonly #ports: SessionServicePorts

  constructor(ports: SessionServicePorts) {
    this.#ports = ports
  }

  /** Asks ERPNext whose the credentials are and opens a session for that person. */
  async exchange(grant: IncomingGrant): Promise<SignedIn> {
    const identity = await this.#ports.site
      .as(grant.credential)
      .call<SiteIdentity>(STEWARD_METHODS.whoami, {}, { timeoutMs: 10_000 })
    requireUsable(identity)
    const membership = await this.#ports.teams.admit(this.#ports.siteId, identity)
    const row = this.#newRow(grant, identity, membership)
    const refreshToken = row.kind === 'interactive' ? null : randomToken()
    await this.#ports.database.withSystem('open a session', async (tx) => {
      await insertSession(tx, row)
      if (refreshToken)
        await insertRefreshToken(tx, tokenHash(refreshToken), row.id, this.#refreshExpiry())
      await auditOpening(tx, row)
    })
    return this.#signedIn(row.id, identity, membership, refreshToken)
  }

  /** A new token pair for an unused refresh token; a used one ends the whole family. */
  async refresh(refreshToken: string): Promise<SignedIn> {
    const next = randomToken()
    const taken = await this.#ports.database.withSystem('renew a session', async (tx) => {
      const now = this.#ports.clock.now()
      const result = await takeRefreshToken(tx, tokenHash(refreshToken), now)
      if (!result) return null
      if (result.outcome === 'reused')
        await endSession(tx, result.session_id, 'refresh_reused', now)
      if (result.outcome === 'used')
        await insertRefreshToken(tx, tokenHash(next), result.session_id, this.#refreshExpiry())
      return { ...result, session: await readSession(tx, result.session_id) }
    })
    if (taken?.outcome === 'reused') {
      this.#ports.open.forget(taken.session_id)
      throw new StewardError(
        'refresh_reused',
        'This refresh token was used before: the session has been ended everywhere.',
      )
    }
    if (!taken?.session || taken.outcome === 'expired' || taken.session.ended_at) {
      throw new StewardError('unauthenticated', 'Please sign in again.')
    }
    return this.#renewed(taken.session, next)
  }

  async end(sessionId: string): Promise<void> {
    await this.#ports.open.end(sessionId, 'logout')
  }

  /** Tokens for a session opened a moment ago, for the page that comes back from the OAuth grant. */
  async resume(sessionId: string): Promise<SignedIn> {
    const refreshToken = randomToken()
    const session = await this.#ports.database.withSystem(
      'hand a session to its page',
      async (tx) => {
        await insertRefreshToken(tx, tokenHash(refreshToken), sessionId, this.#refreshExpiry())
        return readSession(tx, sessionId)
      },
    )
    if (!session || session.ended_at)
      throw new StewardError('unauthenticated', 'Please sign in again.')
    return this.#renewed(session, refreshToken)
  }

  async #renewed(session: SessionRow, refreshToken: string): Promise<SignedIn> {
    const membership = await this.#ports.teams.membership(
      session.site_id,
      session.person,
      session.team_id,
    )
    if (!membership) throw new StewardError('forbidden', 'You are no longer a member of this team.')
    return this.#signedIn(session.id, session.identity, membership, refreshToken)
  }

  #newRow(grant: IncomingGrant, identity: SiteIdentity, membership: TeamMembership): SessionRow {
    const id = this.#ports.ids.next('session')
    const now = this.#ports.clock.now()
    const { credential } = grant
    const secret =
      credential.kind === 'bearer'
        ? credential.access_token
        : `${credential.key}:${credential.secret}`
    return {
      id,
      site_id: this.#ports.siteId,
      person: identity.user,
      team_id: membership.team_id,
      kind: kindOf(grant),
      session_binding: identity.session_binding,
      site_token: this.#ports.sealer.seal(secret, id),
      site_refresh_token: grant.refresh_token
        ? this.#ports.sealer.seal(grant.refresh_token, `${id}:refresh`)
        : null,
      site_token_expires_at: identity.expires_at ? new Date(identity.expires_at * 1000) : null,
      identity,
      created_at: now,
      checked_at: now,
      ended_at: null,
      ended_reason: null,
    }
  }

  async #signedIn(
    id: string,
    identity: SiteIdentity,
    membership: TeamMembership,
    refreshToken: string | null,
  ): Promise<SignedIn> {
    const access_token = await this.#ports.tokens.sign({
      sub: identity.user,
      sid: id,
      site: this.#ports.siteId,
      team: membership.team_id,
    })
    return {
      session_id: id,
      access_token,
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      refresh_token: refreshToken,
      person: personOf(identity),
      team: { id: membership.team_id, name: membership.team_name, role: membership.role },
    }
  }

  #refreshExpiry(): Date {
    return new Date(this.#ports.clock.now().getTime() + REFRESH_TOKEN_DAYS * DAY_MS)
  }
}

function kindOf(grant: IncomingGrant): SessionRow['kind'] {
  if (grant.credential.kind === 'api_key') return 'api_key'
  return grant.refresh_token ? 'oauth' : 'interactive'
}

/** Only a desk user's own credentials, and of bearers only those of Steward's own client. */
function requireUsable(identity: SiteIdentity): void {
  if (identity.user === 'Guest')
    throw new StewardError('unauthenticated', 'ERPNext does not know these credentials.')
  if (identity.authentication === 'bearer' && !identity.steward_client) {
    throw new StewardError(
      'forbidden',
      "Only bearers of Steward's own OAuth client are accepted here.",
    )
  }
  if (identity.authentication === 'cookie')
    throw new StewardError('unauthenticated', 'A cookie is not a grant.')
  if (identity.user_type !== 'System User')
    throw new StewardError('forbidden', 'Steward is for desk users of ERPNext.')
}

export function personOf(identity: SiteIdentity) {
  return {
    user: identity.user,
    full_name: identity.full_name,
    email: identity.email,
    image: identity.image,
    language: identity.language,
    time_zone: identity.time_zone,
    currency: identity.currency,
    number_format: identity.number_format,
    date_format: identity.date_format,
    time_format: identity.time_format ?? 'HH:mm:ss',
    display_time_zone: identity.display_time_zone ?? identity.time_zone,
    float_precision: identity.float_precision ?? 3,
    currency_precision: identity.currency_precision ?? null,
    currencies: identity.currencies ?? {},
    site: identity.site,
  }
}
