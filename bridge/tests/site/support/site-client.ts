import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import axios from 'axios'

/** No redirects, no parsing, no throwing; and no kept connection, which a server may close as it likes. */
const PLAIN = {
  maxRedirects: 0,
  responseType: 'text' as const,
  transformResponse: [(text: string) => text],
  validateStatus: () => true,
  httpAgent: new Agent({ keepAlive: false }),
  httpsAgent: new SecureAgent({ keepAlive: false }),
}

/** A caller of a site by plain requests: what one browser or one program is to it. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  /** Parsed body; undefined when it is no JSON. */
  json: Record<string, unknown> | undefined
}

export type Credentials = Record<string, string>

export class SiteClient {
  readonly url: string
  #headers: Credentials
  readonly #cookies = new Map<string, string>()
  readonly #keepCookies: boolean

  constructor(url: string, headers: Credentials = {}, keepCookies = false) {
    this.url = url
    this.#headers = headers
    this.#keepCookies = keepCookies
  }

  static bearer(url: string, token: string): SiteClient {
    return new SiteClient(url, { authorization: `Bearer ${token}` })
  }

  static apiKey(url: string, key: string, secret: string): SiteClient {
    return new SiteClient(url, { authorization: `token ${key}:${secret}` })
  }

  /** A browser signed in by password; carries cookies, and the CSRF token once a page gave one. */
  static async login(url: string, user: string, password: string): Promise<SiteClient> {
    const client = new SiteClient(url, {}, true)
    const answer = await client.form('/api/method/login', { usr: user, pwd: password })
    if (answer.status !== 200) throw new Error(`login of ${user} answered ${answer.status}`)
    return client
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  setHeader(name: string, value: string): void {
    this.#headers = { ...this.#headers, [name]: value }
  }

  /** Loads Desk as a browser does, which makes the CSRF token, and sends it from then on. */
  async loadDesk(): Promise<string> {
    const page = await this.#follow('/app')
    const token = /csrf_token = "([^"]+)"/.exec(page.text)?.[1]
    if (!token) throw new Error('the page carries no CSRF token')
    this.setHeader('x-frappe-csrf-token', token)
    return token
  }

  /** Frappe 16 answers `/app` with a redirect to `/desk`. */
  async #follow(path: string): Promise<Answer> {
    const page = await this.request('GET', path)
    const location = page.headers.get('location')
    if (page.status < 300 || page.status >= 400 || !location) return page
    const { pathname, search } = new URL(location, this.url)
    return this.request('GET', pathname + search)
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof FormData
    return this.#send(method, path, {
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
      headers: body instanceof FormData ? {} : { 'content-type': 'application/json' },
    })
  }

  async form(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.#send('POST', path, { body: new URLSearchParams(fields), headers: {} })
  }

  async #send(
    method: string,
    path: string,
    { body, headers }: { body?: string | FormData | URLSearchParams; headers: Credentials },
  ): Promise<Answer> {
    const response = await axios.request<string>({
      ...PLAIN,
      method,
      url: this.url + path,
      headers: {
        accept: 'application/json',
        ...headers,
        ...this.#headers,
        ...this.#cookieHeader(),
      },
      // Bytes, so that axios sends broken JSON as broken as it is.
      ...(body === undefined ? {} : { data: typeof body === 'string' ? Buffer.from(body) : body }),
    })
    if (this.#keepCookies) this.#storeCookies(response.headers['set-cookie'] ?? [])
    return {
      status: response.status,
      headers: new Headers(flat(response.headers)),
      text: response.data,
      json: parse(response.data),
    }
  }

  #cookieHeader(): Credentials {
    if (this.#cookies.size === 0) return {}
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  #storeCookies(lines: string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const [name = '', ...value] = pair.split('=')
      this.#cookies.set(name.trim(), value.join('='))
    }
  }

  /** `message` of a method; throws when the site refuses. */
  async call<T>(method: string, args: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.request('POST', `/api/method/${method}`, args)
    if (answer.status !== 200)
      throw new Error(`${method} answered ${answer.status}: ${reason(answer)}`)
    return answer.json?.message as T
  }

  /** `frappe.client.get_list` over the resource route. */
  async list(
    doctype: string,
    parameters: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>[]> {
    const answer = await this.listAnswer(doctype, parameters)
    if (answer.status !== 200) throw new Error(`list of ${doctype}: ${reason(answer)}`)
    return answer.json?.data as Record<string, unknown>[]
  }

  listAnswer(doctype: string, parameters: Record<string, unknown> = {}): Promise<Answer> {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(parameters)) {
      query.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    return this.request('GET', `${resource(doctype)}?${query}`)
  }

  read(doctype: string, name: string): Promise<Answer> {
    return this.request('GET', resource(doctype, name))
  }

  create(doctype: string, values: Record<string, unknown>): Promise<Answer> {
    return this.request('POST', resource(doctype), values)
  }

  update(doctype: string, name: string, values: Record<string, unknown>): Promise<Answer> {
    return this.request('PUT', resource(doctype, name), values)
  }

  delete(doctype: string, name: string): Promise<Answer> {
    return this.request('DELETE', resource(doctype, name))
  }
}

export function resource(doctype: string, name?: string): string {
  const path = `/api/resource/${encodeURIComponent(doctype)}`
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`
}

function flat(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** The document of an answer that has to be one. */
export function documentOf(answer: Answer): Record<string, unknown> {
  const data = answer.json?.data as Record<string, unknown> | undefined
  if (answer.status !== 200 || !data) throw new Error(`${answer.status}: ${reason(answer)}`)
  return data
}

/** What the site told the person, without its HTML. */
export function messagesOf(answer: Answer): string[] {
  const encoded = answer.json?._server_messages
  if (typeof encoded !== 'string') return []
  return (JSON.parse(encoded) as string[]).map((message) => {
    return String((JSON.parse(message) as { message: string }).message).replace(/<[^>]*>/g, '')
  })
}

function reason(answer: Answer): string {
  const { exc_type: type, exception } = answer.json ?? {}
  return [type, exception, ...messagesOf(answer)].filter(Boolean).join(' | ').slice(0, 400)
}
