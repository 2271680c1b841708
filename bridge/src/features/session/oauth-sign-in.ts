import { createHash } from 'node:crypto'
import type { Database } from '../../platform/database/index.ts'
import { randomToken, tokenHash, type Sealer } from '../../platform/crypto/index.ts'
import type { SiteClient } from '../../platform/frappe/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { SessionService } from './session-service.ts'
import type { SignedIn } from './session-ports.ts'
import { insertStep, takeStep } from './session-store.ts'

export interface OAuthSignInPorts {
  database: Database
  site: SiteClient
  sealer: Sealer
  sessions: SessionService
  clock: Clock
  /** Origins a sign-in may return to. */
  allowedOrigins: ReadonlySet<string>
  /** Own address as browsers reach it. */
  publicUrl: () => string
}

/** What ERPNext sends the browser back with. */
export interface OAuthAnswer {
  state?: string | undefined
  code?: string | undefined
  error?: string | undefined
}

const STATE_MINUTES = 10
const CODE_MINUTES = 1

/**
 * Sign-in through ERPNext as OAuth provider: authorization code with PKCE (RFC 7636, S256). The
 * page that started it gets a one-time code in the fragment, never a token in an address.
 */
export class OAuthSignIn {
  readonly #ports: OAuthSignInPorts

  constructor(ports: OAuthSignInPorts) {
    this.#ports = ports
  }

  /** Address of ERPNext's consent to send the browser to, and the state its cookie is to hold. */
  async start(returnTo: string): Promise<{ address: string; state: string }> {
    if (!this.#ports.allowedOrigins.has(new URL(returnTo).origin)) {
      throw new StewardError('forbidden', 'The page to return to is not on an allowed origin.')
    }
    const state = randomToken()
    const verifier = randomToken()
    await this.#store('state', state, verifier, returnTo, STATE_MINUTES)
    const address = await this.#ports.site.authorizeUrl({
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      redirect_uri: this.#redirectUri(),
    })
    return { address, state }
  }

  /**
   * Address of the page to go back to, with its one-time code. Only the browser that started the
   * sign-in may end it: `startedState` is what its cookie holds.
   */
  async finish(answer: OAuthAnswer, startedState: string | null): Promise<string> {
    const isDenial = answer.code === undefined && answer.state === undefined
    const isOwn = startedState !== null && (isDenial || answer.state === startedState)
    const step = isOwn ? await this.#take('state', startedState) : null
    if (!step)
      throw new StewardError(
        'unauthenticated',
        'This sign-in was not started in this browser, or it took too long. Please start again.',
      )
    if (!answer.code) return fragment(step.returnTo, { error: answer.error ?? 'access_denied' })
    const tokens = await this.#ports.site.exchangeCode({
      code: answer.code,
      code_verifier: step.secret,
      redirect_uri: this.#redirectUri(),
    })
    const signedIn = await this.#ports.sessions.exchange({
      credential: { kind: 'bearer', access_token: tokens.access_token },
      refresh_token: tokens.refresh_token,
    })
    const code = randomToken()
    await this.#store('code', code, signedIn.session_id, step.returnTo, CODE_MINUTES)
    return fragment(step.returnTo, { code })
  }

  /** Tokens for the page's one-time code. */
  async redeem(code: string): Promise<SignedIn> {
    const step = await this.#take('code', code)
    if (!step)
      throw new StewardError(
        'unauthenticated',
        'This sign-in code was used before or is too old. Please sign in again.',
      )
    return this.#ports.sessions.resume(step.secret)
  }

  /** Whether browsers reach the bridge by https only. */
  get isSecure(): boolean {
    return this.#ports.publicUrl().startsWith('https:')
  }

  #redirectUri(): string {
    return `${this.#ports.publicUrl()}/v1/oauth/callback`
  }

  async #store(
    kind: 'state' | 'code',
    token: string,
    secret: string,
    returnTo: string,
    minutes: number,
  ): Promise<void> {
    const hash = tokenHash(token)
    const expires_at = new Date(this.#ports.clock.now().getTime() + minutes * 60_000)
    const sealed = this.#ports.sealer.seal(secret, hash)
    await this.#ports.database.withSystem('keep a sign-in step', (tx) =>
      insertStep(tx, { hash, kind, sealed, return_to: returnTo, expires_at }),
    )
  }

  async #take(
    kind: 'state' | 'code',
    token: string,
  ): Promise<{ secret: string; returnTo: string } | null> {
    const hash = tokenHash(token)
    const step = await this.#ports.database.withSystem('take a sign-in step', (tx) =>
      takeStep(tx, hash, kind, this.#ports.clock.now()),
    )
    return step
      ? { secret: this.#ports.sealer.open(step.sealed, hash), returnTo: step.return_to }
      : null
  }
}

function fragment(page: string, values: Record<string, string>): string {
  const url = new URL(page)
  url.hash = new URLSearchParams(values).toString()
  return url.toString()
}
