import { z } from 'zod'
import { StewardError } from '../../shared/errors.ts'
import { requireAllowedMethod } from './allowed-methods.ts'
import { SiteTransport, type SiteTransportOptions } from './site-transport.ts'
import type {
  ListQuery,
  OAuthTokens,
  SiteCallOptions,
  SiteClient,
  SiteCredential,
  SiteSession,
} from './site-port.ts'

export interface SiteClientOptions extends SiteTransportOptions {
  oauth: { clientId: string; clientSecret: string } | null
  /** Where browsers reach the site, when it is not where this client does. */
  publicUrl?: string
}

const PAGE_LIMIT = 500
const OAUTH = '/api/method/frappe.integrations.oauth2'
const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  expires_in: z.number(),
})
const rowsSchema = z.array(z.record(z.string(), z.unknown()))

/** A client of the ERPNext site at `options.url`. Document and doctype names are encoded in every path. */
export function createSiteClient(options: SiteClientOptions): SiteClient {
  const transport = new SiteTransport(options)
  return {
    url: options.url,
    publicUrl: options.publicUrl ?? options.url,
    as: (credential) => new RestSession(transport, authorization(credential)),
    exchangeCode: (grant) =>
      tokens(transport, options, { grant_type: 'authorization_code', ...grant }),
    refresh: (refresh_token) =>
      tokens(transport, options, { grant_type: 'refresh_token', refresh_token }),
    authorizeUrl: (parameters) => authorizeUrl(options, parameters),
    ping: async (callOptions) => {
      const start = performance.now()
      await transport.send(
        { method: 'GET', url: '/api/method/ping', baseURL: options.url },
        callOptions,
      )
      return performance.now() - start
    },
    close: () => transport.close(),
  }
}

class RestSession implements SiteSession {
  readonly #transport: SiteTransport
  readonly #headers: Record<string, string>

  constructor(transport: SiteTransport, authorizationHeader: string) {
    this.#transport = transport
    this.#headers = { Authorization: authorizationHeader, 'Content-Type': 'application/json' }
  }

  async call<T>(
    method: string,
    args: Record<string, unknown>,
    options?: SiteCallOptions,
  ): Promise<T> {
    requireAllowedMethod(method)
    const body = await this.#post(`/api/method/${method}`, args, options)
    return body.message as T
  }

  async list(
    doctype: string,
    query: ListQuery,
    options?: SiteCallOptions,
  ): Promise<Record<string, unknown>[]> {
    const body = await this.#post(
      '/api/method/frappe.client.get_list',
      listArguments(doctype, query),
      options,
    )
    return rowsSchema.parse(body.message ?? [])
  }

  async *scan(
    doctype: string,
    fields: string[],
    options?: SiteCallOptions,
  ): AsyncIterable<Record<string, unknown>[]> {
    const columns = [...new Set([...fields, 'name', 'modified'])]
    let cursor: { modified: string; name: string } | null = null
    for (;;) {
      const page: Record<string, unknown>[] = await this.list(
        doctype,
        { fields: columns, order_by: 'modified asc', limit: PAGE_LIMIT, ...after(cursor) },
        options,
      )
      if (page.length > 0) yield page
      const last = page.at(-1)
      if (page.length < PAGE_LIMIT || !last) return
      cursor = { modified: String(last.modified), name: String(last.name) }
    }
  }

  async get(
    doctype: string,
    name: string,
    options?: SiteCallOptions,
  ): Promise<Record<string, unknown>> {
    const url = `/api/resource/${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`
    const body = await this.#transport.send({ method: 'GET', url, headers: this.#headers }, options)
    return z.object({ data: z.record(z.string(), z.unknown()) }).parse(body).data
  }

  async #post(
    url: string,
    data: unknown,
    options?: SiteCallOptions,
  ): Promise<Record<string, unknown>> {
    const body = await this.#transport.send(
      { method: 'POST', url, data, headers: this.#headers },
      options,
    )
    return z.record(z.string(), z.unknown()).parse(body)
  }
}

/** Rows after `cursor` in (modified, name) order, as one AND of a filter and an OR group. */
function after(
  cursor: { modified: string; name: string } | null,
): Pick<ListQuery, 'filters' | 'or_filters'> {
  if (!cursor) return {}
  return {
    filters: [['modified', '>=', cursor.modified]],
    or_filters: [
      ['modified', '>', cursor.modified],
      ['name', '>', cursor.name],
    ],
  }
}

function listArguments(doctype: string, query: ListQuery): Record<string, unknown> {
  const order = query.order_by ?? 'modified desc'
  return {
    doctype,
    fields: query.fields,
    filters: query.filters ?? [],
    ...(query.or_filters?.length ? { or_filters: query.or_filters } : {}),
    order_by: /(^|,)\s*name\b/.test(order) ? order : `${order}, name asc`,
    limit_start: query.start ?? 0,
    limit_page_length: Math.min(Math.max(query.limit, 1), PAGE_LIMIT),
  }
}

function authorization(credential: SiteCredential): string {
  return credential.kind === 'bearer'
    ? `Bearer ${credential.access_token}`
    : `token ${credential.key}:${credential.secret}`
}

async function tokens(
  transport: SiteTransport,
  options: SiteClientOptions,
  grant: Record<string, string>,
): Promise<OAuthTokens> {
  const client = requireOAuth(options)
  const data = new URLSearchParams({
    ...grant,
    client_id: client.clientId,
    client_secret: client.clientSecret,
  })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const body = await transport.send(
    { method: 'POST', url: `${OAUTH}.get_token`, data: data.toString(), headers },
    { repeatable: false },
  )
  return tokensSchema.parse(body)
}

function authorizeUrl(
  options: SiteClientOptions,
  parameters: { state: string; code_challenge: string; redirect_uri: string },
): string {
  const query = new URLSearchParams({
    client_id: requireOAuth(options).clientId,
    response_type: 'code',
    scope: 'all openid',
    code_challenge_method: 'S256',
    ...parameters,
  })
  return `${options.publicUrl ?? options.url}${OAUTH}.authorize?${query.toString()}`
}

function requireOAuth(options: SiteClientOptions): { clientId: string; clientSecret: string } {
  if (!options.oauth) {
    throw new StewardError(
      'misconfigured',
      'Sign-in through ERPNext is not set up: STEWARD_OAUTH_CLIENT_ID and _SECRET are missing.',
    )
  }
  return options.oauth
}
