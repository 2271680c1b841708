import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { SiteClient, type Answer } from './site-client.ts'

export const OAUTH = '/api/method/frappe.integrations.oauth2'

export interface Tokens {
  access_token: string
  refresh_token: string
}

interface Login {
  user: string
  password: string
}

/** The authorization code flow with PKCE, for one OAuth Client of a site. */
export class CodeFlow {
  readonly #url: string
  readonly #client: Record<string, unknown>
  readonly #redirect: string

  constructor(url: string, client: Record<string, unknown>) {
    this.#url = url
    this.#client = client
    this.#redirect = String(client.default_redirect_uri)
  }

  async authorize(
    browser: SiteClient,
    extra: Record<string, string> = {},
  ): Promise<{ answer: Answer; verifier: string }> {
    const verifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      client_id: String(this.#client.name),
      response_type: 'code',
      redirect_uri: this.#redirect,
      scope: 'all openid',
      state: 'the-state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...extra,
    })
    // Blanks as %20: the provider does not read a plus as one.
    const asked = `${OAUTH}.authorize?${query.toString().replaceAll('+', '%20')}`
    return { answer: await browser.request('GET', asked), verifier }
  }

  async obtainCode(person: Login): Promise<{ code: string; verifier: string }> {
    const browser = await SiteClient.login(this.#url, person.user, person.password)
    const { answer, verifier } = await this.authorize(browser)
    expect(answer.status).toBe(302)
    const approval = answer.headers.get('location') ?? ''
    expect(approval).toContain('oauth2.approve')
    const approved = await browser.request('GET', approval.replace(this.#url, ''))
    expect(approved.status).toBe(302)
    const target = new URL(approved.headers.get('location') ?? '')
    expect(target.origin + target.pathname).toBe(this.#redirect)
    expect(target.searchParams.get('state')).toBe('the-state')
    return { code: target.searchParams.get('code') ?? '', verifier }
  }

  redeem(code: string, code_verifier: string): Promise<Answer> {
    const redirect_uri = this.#redirect
    return this.#token({ grant_type: 'authorization_code', code, code_verifier, redirect_uri })
  }

  refresh(refresh_token: string): Promise<Answer> {
    return this.#token({ grant_type: 'refresh_token', refresh_token })
  }

  async tokens(person: Login): Promise<Tokens> {
    const { code, verifier } = await this.obtainCode(person)
    const answer = await this.redeem(code, verifier)
    expect(answer.status).toBe(200)
    return answer.json as unknown as Tokens
  }

  #token(fields: Record<string, string>): Promise<Answer> {
    return new SiteClient(this.#url).form(`${OAUTH}.get_token`, {
      ...fields,
      client_id: String(this.#client.name),
      client_secret: String(this.#client.client_secret),
    })
  }
}
