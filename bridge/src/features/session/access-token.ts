import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT, type JWK } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'

export const ACCESS_TOKEN_SECONDS = 600
const ISSUER = 'steward'

const claimsSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  site: z.string(),
  team: z.string(),
})
export type AccessClaims = z.infer<typeof claimsSchema>

interface Verified {
  claims: AccessClaims
  /** When the token expires, in milliseconds. */
  until: number
}

const MOST_VERIFIED = 5_000

/** Signs and checks the bridge's own tokens: JWT, EdDSA over Ed25519 (RFC 8037), ten minutes. */
export class AccessTokens {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #clock: Clock
  /** A signature that was right stays right: until a token's end it is checked once. */
  readonly #verified = new Map<string, Verified>()
  #jwk: Promise<JWK> | null = null

  constructor(privateKey: KeyObject, clock: Clock) {
    this.#privateKey = privateKey
    this.#publicKey = createPublicKey(privateKey)
    this.#clock = clock
  }

  async sign(claims: AccessClaims): Promise<string> {
    const now = Math.floor(this.#clock.now().getTime() / 1000)
    return new SignJWT({ sid: claims.sid, site: claims.site, team: claims.team })
      .setProtectedHeader({ alg: 'EdDSA', kid: (await this.jwk()).kid ?? '' })
      .setSubject(claims.sub)
      .setIssuer(ISSUER)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(this.#privateKey)
  }

  /** Throws `session_expired` for a token that is past its time and `unauthenticated` for any other. */
  async verify(token: string): Promise<AccessClaims> {
    const known = this.#verified.get(token)
    if (known && known.until > this.#clock.now().getTime()) return known.claims
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        issuer: ISSUER,
        algorithms: ['EdDSA'],
        currentDate: this.#clock.now(),
      })
      const claims = claimsSchema.parse(payload)
      this.#remember(token, { claims, until: (payload.exp ?? 0) * 1000 })
      return claims
    } catch (cause) {
      const expired = (cause as { code?: string }).code === 'ERR_JWT_EXPIRED'
      throw expired
        ? new StewardError('session_expired', 'Your session token has expired; renew it.', {
            cause,
          })
        : new StewardError('unauthenticated', 'The token is not one of this bridge.', { cause })
    }
  }

  #remember(token: string, verified: Verified): void {
    if (this.#verified.size >= MOST_VERIFIED) this.#verified.clear()
    this.#verified.set(token, verified)
  }

  /** Public key for the JWKS; its id is the RFC 7638 thumbprint. */
  jwk(): Promise<JWK> {
    this.#jwk ??= this.#publicJwk()
    return this.#jwk
  }

  async #publicJwk(): Promise<JWK> {
    const jwk = await exportJWK(this.#publicKey)
    return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' }
  }
}
