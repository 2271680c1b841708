import type { Document } from '../../site/contract.ts'
import { html, json } from '../envelope.ts'
import type { Call, HttpMethod, SiteResponse } from '../exchange.ts'
import { escapeHtml } from '../pages/escape-html.ts'
import { allowsRedirect, allowsUser, findClient, scopesOf } from './clients.ts'

const BASE = 'frappe.integrations.oauth2'

/** The browser's part of the authorization code grant. */
export const authorizeMethods: HttpMethod[] = [
  { name: `${BASE}.authorize`, allowGuest: true, run: authorize },
  { name: `${BASE}.approve`, run: approve },
]

interface Authorization {
  client: Document
  redirectUri: string
  scopes: string[]
  state: string | null
}

/** Signs in first when nobody is; then asks, unless the client is trusted. */
function authorize(call: Call): unknown {
  const { site, request, reply } = call
  if (site.user === 'Guest') {
    const target = encodeURIComponent(`${request.origin}${request.path}?${request.query}`)
    reply.raw = redirect(`/login?redirect-to=${target}`)
    return undefined
  }
  const authorization = validate(call)
  if ('error' in authorization) return refuse(call, authorization.error)
  const approval = `/api/method/${BASE}.approve?${request.query}`
  reply.raw = authorization.client.skip_authorization
    ? redirect(approval)
    : html(200, confirmation(authorization, approval))
  return undefined
}

/** Makes the code and sends the browser back with it. */
function approve(call: Call): unknown {
  const { site, request, reply, host } = call
  const authorization = validate(call)
  if ('error' in authorization) return refuse(call, authorization.error)
  const code = host.newToken()
  site.insert(
    {
      doctype: 'OAuth Authorization Code',
      client: authorization.client.name,
      user: site.user,
      scopes: authorization.scopes.join(' '),
      authorization_code: code,
      redirect_uri_bound_to_authorization_code: authorization.redirectUri,
      validity: 'Valid',
      code_challenge: request.query.get('code_challenge'),
      code_challenge_method: (request.query.get('code_challenge_method') ?? '').toLowerCase(),
      nonce: request.query.get('nonce'),
    },
    { ignorePermissions: true },
  )
  reply.commit = true
  const target = new URL(authorization.redirectUri)
  target.searchParams.set('code', code)
  if (authorization.state !== null) target.searchParams.set('state', authorization.state)
  reply.raw = redirect(target.href)
  return undefined
}

function validate(call: Call): Authorization | { error: string } {
  const { query } = call.request
  const client = findClient(call.site, query.get('client_id'))
  if (!client || !allowsUser(client, call.site)) return { error: 'invalid_client_id' }
  const redirectUri = query.get('redirect_uri') ?? String(client.default_redirect_uri ?? '')
  if (!allowsRedirect(client, redirectUri)) return { error: 'mismatching_redirect_uri' }
  if (query.get('response_type') !== 'code') return { error: 'unsupported_response_type' }
  const allowed = scopesOf(client)
  const scopes = (query.get('scope') ?? '').split(/\s+/).filter(Boolean)
  if (!scopes.every((scope) => allowed.includes(scope))) return { error: 'invalid_scope' }
  const asked = scopes.length ? scopes : allowed
  return { client, redirectUri, scopes: asked, state: query.get('state') }
}

function refuse(call: Call, error: string): undefined {
  call.reply.raw = json(400, { status_code: 400, error })
  return undefined
}

function redirect(location: string): SiteResponse {
  return { status: 302, headers: { location, 'content-type': 'text/html' }, body: '' }
}

function confirmation(authorization: Authorization, approval: string): string {
  const scopes = authorization.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')
  const denied = `${authorization.redirectUri}?error=access_denied`
  return `<!doctype html><title>Confirm Access</title>
<h1>${escapeHtml(String(authorization.client.app_name))} asks for access</h1>
<ul>${scopes}</ul>
<a id="allow" href="${escapeHtml(approval)}">Allow</a> <a id="deny" href="${escapeHtml(denied)}">Deny</a>`
}
