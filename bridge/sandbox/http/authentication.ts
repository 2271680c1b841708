import type { RequestIdentity } from '../site/contract.ts'
import { SiteError } from '../site/index.ts'
import type { Site } from '../site/index.ts'
import type { SandboxHost, SiteRequest } from './exchange.ts'
import type { WebSession } from './web-sessions.ts'

export interface Caller {
  user: string
  identity: RequestIdentity
  session: WebSession | null
}

const UNSAFE = new Set(['POST', 'PUT', 'DELETE', 'PATCH'])

/** Who calls: the cookie session first, with CSRF; then a token, which must fit if there is one. */
export function authenticate(host: SandboxHost, request: SiteRequest): Caller {
  const caller = cookieCaller(host, request)
  checkCsrf(request, caller.session)
  const [prefix, token, ...rest] = (request.headers.authorization ?? '').split(' ')
  if (!prefix || !token || rest.length > 0) return caller
  const byToken = tokenCaller(host.site, prefix.toLowerCase(), token, caller)
  if (byToken.user === 'Guest') throw new SiteError('AuthenticationError', '', { silent: true })
  return byToken
}

function cookieCaller(host: SandboxHost, request: SiteRequest): Caller {
  const found = host.sessions.find(sessionId(request))
  // Disabling or deleting a user ends all sessions of that user.
  const session = found && isEnabled(host.site, found.user) ? found : null
  return {
    user: session?.user ?? 'Guest',
    identity: {
      authentication: session ? 'cookie' : 'none',
      session_id: session?.id ?? null,
      bearer_token: null,
    },
    session,
  }
}

/** A body's `sid` counts as the session, a trap that a client forwarding documents has to know. */
function sessionId(request: SiteRequest): string | undefined {
  const inForm = request.form.sid
  return typeof inForm === 'string' && inForm ? inForm : request.cookies.sid
}

function isEnabled(site: Site, user: string): boolean {
  return site.state.store.table('User').get(user)?.enabled === 1
}

function checkCsrf(request: SiteRequest, session: WebSession | null): void {
  if (!session?.csrfToken || !UNSAFE.has(request.method)) return
  const given = request.headers['x-frappe-csrf-token'] || request.form.csrf_token
  delete request.form.csrf_token
  if (given === session.csrfToken) return
  throw new SiteError('CSRFTokenError', 'Invalid Request', { title: 'Invalid Request' })
}

function tokenCaller(site: Site, prefix: string, token: string, caller: Caller): Caller {
  if (prefix === 'bearer') return bearerCaller(site, token) ?? caller
  if (caller.user !== 'Guest') return caller
  if (prefix === 'basic') return keyCaller(site, decodeBasic(token)) ?? caller
  return (prefix === 'token' && keyCaller(site, token)) || caller
}

/** A bearer speaks for its user whatever the cookie says. */
function bearerCaller(site: Site, token: string): Caller | null {
  const stored = site.state.store.table('OAuth Bearer Token').get(token)
  if (!stored || stored.access_token !== token || stored.status === 'Revoked') return null
  if (String(stored.expiration_time) <= site.state.clock.now()) return null
  return tokenIdentity(site, String(stored.user), 'bearer', token)
}

function keyCaller(site: Site, pair: string): Caller | null {
  const [key, secret] = pair.split(':')
  if (!key || !secret) return null
  for (const user of site.state.store.table('User').rows()) {
    if (user.api_key !== key) continue
    const name = String(user.name)
    const expected = site.read('Administrator', (session) =>
      session.getPassword('User', name, 'api_secret'),
    )
    return expected === secret ? tokenIdentity(site, name, 'api_key', null) : null
  }
  return null
}

function tokenIdentity(
  site: Site,
  user: string,
  authentication: 'bearer' | 'api_key',
  bearer: string | null,
): Caller | null {
  if (!isEnabled(site, user)) return null
  return {
    user,
    identity: { authentication, session_id: null, bearer_token: bearer },
    session: null,
  }
}

function decodeBasic(token: string): string {
  return Buffer.from(token, 'base64').toString('utf8')
}
