import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AuthContext } from '../../http/index.ts'
import { appendAudit } from '../../platform/audit/index.ts'
import type { Database, TenantTransaction } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import { findKey, insertKey, listKeys, revokeKey, touchKeys } from './api-key-store.ts'
import type { ApiKeyTable } from './tables.ts'

export const API_KEY_SCOPES = ['chat', 'usage'] as const
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

/** Counts uses of a key; shared by replicas where there is a Redis. */
export type LimiterSource = (
  name: string,
  points: number,
  seconds: number,
) => { take(key: string): Promise<{ allowed: boolean; remaining: number; resetMs: number }> }

export interface ApiKeyPorts {
  database: Database
  clock: Clock
  ids: Ids
  limiter: LimiterSource
}

export interface NewApiKey {
  name: string
  scopes: ApiKeyScope[]
  requests_per_minute: number
  expires_at: Date | null
}

type ApiKey = Selectable<ApiKeyTable>

const TOKEN = /^sk-steward-(key_[0-9a-f]{32})\.([\w-]{43})$/
/** A revoked key stops everywhere within this time. */
const REMEMBER_MS = 5_000
const TOUCH_MS = 60_000

/** Team API keys: only a hash is stored, the key itself is shown once. */
export class ApiKeys {
  readonly #ports: ApiKeyPorts
  readonly #known = new Map<string, { key: ApiKey; key_hash: string; read_at: number }>()
  readonly #reading = new Map<string, Promise<ApiKey | null>>()
  readonly #limiters = new Map<number, ReturnType<LimiterSource>>()
  readonly #touched = new Map<string, number>()

  constructor(ports: ApiKeyPorts) {
    this.#ports = ports
  }

  async create(auth: AuthContext, wanted: NewApiKey): Promise<{ token: string; key: ApiKey }> {
    const id = this.#ports.ids.next('api_key')
    const secret = randomBytes(32).toString('base64url')
    const key: ApiKey = {
      id,
      site_id: auth.site_id,
      team_id: auth.team_id,
      person: auth.person,
      name: wanted.name,
      key_hash: hashOf(secret),
      scopes: wanted.scopes,
      requests_per_minute: wanted.requests_per_minute,
      expires_at: wanted.expires_at,
      revoked_at: null,
      last_used_at: null,
      created_at: this.#ports.clock.now(),
    }
    await this.#ports.database.withTenant(auth, async (tx) => {
      await insertKey(tx, { ...key, scopes: JSON.stringify(key.scopes) })
      const { name, scopes, requests_per_minute } = wanted
      const expires_at = wanted.expires_at?.toISOString() ?? null
      const details = { name, scopes, requests_per_minute, expires_at }
      await this.#audit(tx, auth, 'api_key.created', id, details)
    })
    return { token: `sk-steward-${id}.${secret}`, key }
  }

  list(auth: AuthContext, page: { before: string | null; limit: number }): Promise<ApiKey[]> {
    return this.#ports.database.tenantStatement(auth, (tx) => listKeys(tx, page))
  }

  async revoke(auth: AuthContext, id: string): Promise<void> {
    const done = await this.#ports.database.withTenant(auth, async (tx) => {
      const revoked = await revokeKey(tx, id, this.#ports.clock.now())
      if (revoked) await this.#audit(tx, auth, 'api_key.revoked', id, {})
      return revoked
    })
    if (!done) throw new StewardError('not_found', 'This team has no such key, or it was revoked.')
    this.#known.delete(id)
  }

  async #audit(
    tx: TenantTransaction,
    { site_id, team_id, person }: AuthContext,
    action: 'api_key.created' | 'api_key.revoked',
    target_id: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    const at = this.#ports.clock.now()
    const entry = { site_id, team_id, person, at, action, target_id, details }
    await appendAudit(tx, { ...entry, target_kind: 'api_key' })
  }

  /** Who a bearer token belongs to; throws `unauthenticated` or `rate_limited`. */
  async authenticate(authorization: string | undefined): Promise<AuthContext> {
    const [, id, secret] = TOKEN.exec(authorization?.replace(/^Bearer /i, '') ?? '') ?? []
    const key = id && secret ? await this.#verified(id, secret) : null
    if (!key || key.revoked_at !== null || this.#expired(key)) {
      throw new StewardError('unauthenticated', 'This API key is not valid.')
    }
    await this.#limit(key)
    this.#touch(key.id)
    return {
      kind: 'api_key',
      site_id: key.site_id,
      team_id: key.team_id,
      person: key.person,
      role: 'user',
      credential_id: key.id,
      scopes: key.scopes,
    }
  }

  /** A key looked at lately is trusted while it is read again beside the call. */
  async #verified(id: string, secret: string): Promise<ApiKey | null> {
    const age = this.#ports.clock.monotonic() - (this.#known.get(id)?.read_at ?? 0)
    const known = this.#known.get(id)
    if (known && age < REMEMBER_MS) {
      if (age > REMEMBER_MS / 2) this.#read(id).catch(() => undefined)
      return sameHash(known.key_hash, hashOf(secret)) ? known.key : null
    }
    const key = await this.#read(id)
    return key && sameHash(key.key_hash, hashOf(secret)) ? key : null
  }

  /** One read at a time for each key. */
  #read(id: string): Promise<ApiKey | null> {
    const running = this.#reading.get(id)
    if (running) return running
    const reading = this.#ports.database
      .systemStatement('check an API key', (tx) => findKey(tx, id))
      .then((key) => this.#remember(id, key ?? null))
      .finally(() => this.#reading.delete(id))
    this.#reading.set(id, reading)
    return reading
  }

  #remember(id: string, key: ApiKey | null): ApiKey | null {
    if (this.#known.size > 10_000) this.#known.clear()
    const read_at = this.#ports.clock.monotonic()
    if (key) this.#known.set(id, { key, key_hash: key.key_hash, read_at })
    else this.#known.delete(id)
    return key
  }

  #expired(key: ApiKey): boolean {
    return key.expires_at !== null && key.expires_at <= this.#ports.clock.now()
  }

  async #limit(key: ApiKey): Promise<void> {
    const points = key.requests_per_minute
    let limiter = this.#limiters.get(points)
    if (!limiter) {
      limiter = this.#ports.limiter(`api_key_${points}`, points, 60)
      this.#limiters.set(points, limiter)
    }
    const { allowed, resetMs } = await limiter.take(key.id)
    if (allowed) return
    throw new StewardError('rate_limited', `This key may make ${points} calls a minute.`, {
      details: { retry_after_seconds: Math.ceil(resetMs / 1000) },
    })
  }

  #touch(id: string): void {
    const now = this.#ports.clock.monotonic()
    if (now - (this.#touched.get(id) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return
    this.#touched.set(id, now)
    // The time of last use is a convenience: a failed write must not fail the call.
    this.#ports.database
      .systemStatement('note the use of API keys', (tx) =>
        touchKeys(tx, [id], this.#ports.clock.now()),
      )
      .catch(() => this.#touched.delete(id))
  }
}

/** The secret is 256 random bits, so a plain hash is as strong as a slow one. */
function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex')
}

function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
}
