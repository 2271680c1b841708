import { setTimeout } from 'node:timers/promises'
import type { Database } from '../../platform/database/index.ts'
import type { Sealer } from '../../platform/crypto/index.ts'
import type { SiteCredential, SiteClient, SiteSession } from '../../platform/frappe/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { isStewardError, StewardError } from '../../shared/errors.ts'
import { STEWARD_METHODS, type SiteIdentity } from '../../shared/site-protocol.ts'
import type { OpenSessions } from './open-sessions.ts'
import { newestSession, storeSiteTokens, type SessionRow } from './session-store.ts'

export interface SiteAccessPorts {
  database: Database
  site: SiteClient
  siteId: string
  sealer: Sealer
  service: { key: string; secret: string } | null
  clock: Clock
  open: OpenSessions
}

interface Caller {
  site_id: string
  team_id: string
  person: string
  session_id: string | null
}

const RENEW_BEFORE_MS = 60_000
const STANDING_TIMEOUT_MS = 3_000
const STORED_WAITS_MS = [0, 300, 700]

/** Calls to ERPNext with the person's own grant; no call is ever made "as" somebody else. */
export class SiteAccess {
  readonly #ports: SiteAccessPorts
  readonly #renewals = new Map<string, Promise<SessionRow>>()

  constructor(ports: SiteAccessPorts) {
    this.#ports = ports
  }

  /** The person's own session; throws `site_grant_expired` when ERPNext's grant has ended. */
  async asPerson(caller: Caller): Promise<SiteSession> {
    if (!caller.session_id) throw expired()
    return this.#open(await this.#live(caller.session_id))
  }

  /** Any grant of this person that still holds; null when there is none. */
  async recover(site_id: string, _teamId: string, person: string): Promise<SiteSession | null> {
    const row = await this.#ports.database.systemStatement('recover a grant', (tx) =>
      newestSession(tx, site_id, person),
    )
    if (!row) return null
    try {
      return this.#open(await this.#renewed(row))
    } catch (error) {
      if (isStewardError(error, 'site_grant_expired')) return null
      throw error
    }
  }

  async asService(_siteId: string): Promise<SiteSession | null> {
    const { service, site } = this.#ports
    return service ? site.as({ kind: 'api_key', ...service }) : null
  }

  publicUrl(_siteId: string): string {
    return this.#ports.site.publicUrl
  }

  async identity(caller: Caller): Promise<SiteIdentity> {
    if (!caller.session_id) throw expired()
    return (await this.#live(caller.session_id)).identity
  }

  /** Asks ERPNext whether this grant still stands; throws `site_grant_expired` when it does not. */
  async requireStanding(row: SessionRow): Promise<void> {
    const session = this.#open(await this.#renewed(row))
    await session.call(STEWARD_METHODS.whoami, {}, { timeoutMs: STANDING_TIMEOUT_MS })
  }

  #open(row: SessionRow): SiteSession {
    const session = this.#ports.site.as(this.#credential(row))
    const watch = async <T>(call: Promise<T>): Promise<T> => {
      try {
        return await call
      } catch (error) {
        if (isStewardError(error, 'site_grant_expired')) await this.#end(row.id)
        throw error
      }
    }
    return {
      call: (method, args, options) => watch(session.call(method, args, options)),
      list: (doctype, query, options) => watch(session.list(doctype, query, options)),
      get: (doctype, name, options) => watch(session.get(doctype, name, options)),
      scan: (doctype, fields, options) => session.scan(doctype, fields, options),
    }
  }

  async #live(sessionId: string): Promise<SessionRow> {
    const recent = await this.#ports.open.recent(sessionId)
    if (!recent || recent.ended_at) throw expired()
    if (!this.#isDue(recent)) return recent
    // Another replica may just have renewed it, and a refresh token works once.
    const row = await this.#ports.open.current(sessionId)
    if (!row || row.ended_at) throw expired()
    return this.#renewed(row)
  }

  /** Renews an OAuth bearer shortly before it ends, once for all callers that ask at a time. */
  async #renewed(row: SessionRow): Promise<SessionRow> {
    if (!this.#isDue(row)) return row
    if (!row.site_refresh_token) {
      if (this.#leftMs(row) > 0) return row
      await this.#end(row.id)
      throw expired()
    }
    const running =
      this.#renewals.get(row.id) ?? this.#renew(row).finally(() => this.#renewals.delete(row.id))
    this.#renewals.set(row.id, running)
    return running
  }

  #isDue(row: SessionRow): boolean {
    return this.#leftMs(row) <= RENEW_BEFORE_MS
  }

  #leftMs(row: SessionRow): number {
    const endsAt = row.site_token_expires_at?.getTime() ?? Infinity
    return endsAt - this.#ports.clock.now().getTime()
  }

  async #renew(row: SessionRow): Promise<SessionRow> {
    const refreshToken = this.#ports.sealer.open(row.site_refresh_token ?? '', `${row.id}:refresh`)
    const tokens = await this.#ports.site.refresh(refreshToken).catch((error: unknown) => {
      if (!isRefusal(error)) throw error
      return null
    })
    if (!tokens) return this.#renewedElsewhere(row)
    const stored = {
      site_token: this.#ports.sealer.seal(tokens.access_token, row.id),
      site_refresh_token: this.#ports.sealer.seal(
        tokens.refresh_token ?? refreshToken,
        `${row.id}:refresh`,
      ),
      site_token_expires_at: new Date(this.#ports.clock.now().getTime() + tokens.expires_in * 1000),
    }
    await this.#ports.database.systemStatement('store renewed tokens', (tx) =>
      storeSiteTokens(tx, row.id, stored),
    )
    this.#ports.open.forget(row.id)
    return { ...row, ...stored }
  }

  /** A refused refresh token may be the one that another replica has used and is about to store. */
  async #renewedElsewhere(row: SessionRow): Promise<SessionRow> {
    for (const wait of STORED_WAITS_MS) {
      await setTimeout(wait)
      const now = await this.#ports.open.current(row.id)
      if (now && !now.ended_at && now.site_token !== row.site_token) return now
    }
    await this.#end(row.id)
    throw expired()
  }

  async #end(sessionId: string): Promise<void> {
    await this.#ports.open.end(sessionId, 'site_grant_expired')
  }

  #credential(row: SessionRow): SiteCredential {
    const secret = this.#ports.sealer.open(row.site_token, row.id)
    if (row.kind !== 'api_key') return { kind: 'bearer', access_token: secret }
    const colon = secret.indexOf(':')
    return { kind: 'api_key', key: secret.slice(0, colon), secret: secret.slice(colon + 1) }
  }
}

/** ERPNext's own "no"; an error inside of it says nothing of the grant. */
function isRefusal(error: unknown): boolean {
  if (isStewardError(error, 'site_grant_expired')) return true
  return isStewardError(error, 'site_refused') && Number(error.details.http_status) < 500
}

function expired(): StewardError {
  return new StewardError(
    'site_grant_expired',
    'Your sign-in to ERPNext has ended. Please sign in again; nothing you wrote is lost.',
  )
}
