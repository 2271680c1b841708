/** Whose rights a call has. `service` is the user with the role Steward Bridge. */
export type SiteCredential =
  { kind: 'bearer'; access_token: string } | { kind: 'api_key'; key: string; secret: string }

export interface SiteCallOptions {
  signal?: AbortSignal
  /** Longest wait for this call in milliseconds, waiting for a free place included. */
  timeoutMs?: number
  /** False when sending it twice could do something twice: then nothing is sent again after it may have arrived. */
  repeatable?: boolean
}

/** `[field, operator, value]`, or `[doctype, field, operator, value]` on a child table. */
export type ListFilter =
  | [field: string, operator: string, value: unknown]
  | [doctype: string, field: string, operator: string, value: unknown]

export interface ListQuery {
  fields: string[]
  filters?: ListFilter[]
  or_filters?: ListFilter[]
  /** `field asc|desc`; `, name asc` is added, since ties lose rows between pages. */
  order_by?: string
  /** At most 500. */
  limit: number
  start?: number
}

/**
 * ERPNext as one person sees it. Throws SiteError (`site-error.ts`), or StewardErrors
 * `site_unreachable` (never arrived), `site_timeout` (repeatable, no answer), `outcome_unknown`
 * (not repeatable, may have been done), `site_busy`, `cancelled`.
 */
export interface SiteSession {
  /** POST of an allowed whitelisted method; resolves to its `message`. */
  call<T>(method: string, args: Record<string, unknown>, options?: SiteCallOptions): Promise<T>
  list(
    doctype: string,
    query: ListQuery,
    options?: SiteCallOptions,
  ): Promise<Record<string, unknown>[]>
  /** All rows in keyset pages by (modified, name); stable while others write. */
  scan(
    doctype: string,
    fields: string[],
    options?: SiteCallOptions,
  ): AsyncIterable<Record<string, unknown>[]>
  get(doctype: string, name: string, options?: SiteCallOptions): Promise<Record<string, unknown>>
}

export interface OAuthTokens {
  access_token: string
  refresh_token: string | null
  /** Seconds from now. */
  expires_in: number
}

/** One ERPNext site. */
export interface SiteClient {
  readonly url: string
  /** Where browsers reach it: for addresses that are shown or redirected to. */
  readonly publicUrl: string
  as(credential: SiteCredential): SiteSession
  /** RFC 6749 token endpoint of the site, with PKCE for the code grant. */
  exchangeCode(grant: {
    code: string
    code_verifier: string
    redirect_uri: string
  }): Promise<OAuthTokens>
  refresh(refreshToken: string): Promise<OAuthTokens>
  authorizeUrl(parameters: { state: string; code_challenge: string; redirect_uri: string }): string
  /** Milliseconds a trivial unauthenticated call took. */
  ping(options?: SiteCallOptions): Promise<number>
  close(): void
}
