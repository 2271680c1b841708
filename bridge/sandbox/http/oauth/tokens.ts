import { createHash, createHmac } from 'node:crypto'
import type { Document } from '../../site/contract.ts'
import type { SiteSession } from '../../site/index.ts'
import { json } from '../envelope.ts'
import type { Call, HttpMethod } from '../exchange.ts'
import { allowsRedirect, findClient } from './clients.ts'

const BASE = 'frappe.integrations.oauth2'
const LIFETIME = 3600

/** Token, revocation, introspection and profile endpoints. */
export const tokenMethods: HttpMethod[] = [
  { name: `${BASE}.get_token`, allowGuest: true, run: getToken },
  { name: `${BASE}.revoke_token`, allowGuest: true, run: revokeToken },
  { name: `${BASE}.introspect_token`, allowGuest: true, run: introspect },
  { name: `${BASE}.openid_profile`, run: profile },
  { name: `${BASE}.openid_configuration`, allowGuest: true, run: configuration },
]

interface Grant {
  client: Document
  user: string
  scopes: string
  nonce: string | null
}

function getToken(call: Call): unknown {
  const { args } = call
  const grant =
    args.grant_type === 'authorization_code'
      ? redeemCode(call)
      : args.grant_type === 'refresh_token'
        ? redeemRefresh(call)
        : 'unsupported_grant_type'
  if (typeof grant === 'string') call.reply.raw = json(400, { error: grant })
  else call.reply.raw = json(200, issue(call, grant))
  call.reply.commit = true
  return undefined
}

/** A code works once, for its own client and redirect URI, with the verifier of its challenge. */
function redeemCode(call: Call): Grant | string {
  const { site, args } = call
  const client = findClient(site, args.client_id)
  if (!client) return 'invalid_client'
  const code = String(args.code ?? '')
  if (!site.exists('OAuth Authorization Code', code)) return 'invalid_grant'
  const stored = site.getDoc('OAuth Authorization Code', code)
  if (stored.client !== client.name || stored.validity !== 'Valid') return 'invalid_grant'
  if (!verifies(stored, args.code_verifier)) return 'invalid_grant'
  if (!allowsRedirect(client, String(args.redirect_uri ?? ''))) return 'invalid_request'
  site.dbSet('OAuth Authorization Code', code, { validity: 'Invalid' })
  return {
    client,
    user: String(stored.user),
    scopes: String(stored.scopes),
    nonce: (stored.nonce as string | null) ?? null,
  }
}

function verifies(code: Document, verifier: unknown): boolean {
  if (!code.code_challenge) return true
  if (typeof verifier !== 'string') return false
  if (code.code_challenge_method !== 's256') return code.code_challenge === verifier
  return code.code_challenge === createHash('sha256').update(verifier).digest('base64url')
}

/** Frappe takes a refresh token again and again; rotation is for the client to enforce. */
function redeemRefresh(call: Call): Grant | string {
  const { site, args } = call
  const [token] = site.getAll('OAuth Bearer Token', {
    filters: { refresh_token: String(args.refresh_token ?? ''), status: 'Active' },
    fields: ['client', 'user', 'scopes'],
  })
  if (!token) return 'invalid_grant'
  const client = findClient(site, args.client_id ?? token.client)
  if (!client || client.name !== token.client) return 'invalid_client'
  return { client, user: String(token.user), scopes: String(token.scopes), nonce: null }
}

function issue(call: Call, grant: Grant): Record<string, unknown> {
  const { site, host } = call
  const access = host.newToken()
  const refresh = host.newToken()
  site.insert(
    {
      doctype: 'OAuth Bearer Token',
      client: grant.client.name,
      user: grant.user,
      scopes: grant.scopes,
      access_token: access,
      refresh_token: refresh,
      expires_in: LIFETIME,
      status: 'Active',
    },
    { ignorePermissions: true },
  )
  const answer = {
    access_token: access,
    expires_in: LIFETIME,
    token_type: 'Bearer',
    scope: grant.scopes,
    refresh_token: refresh,
  }
  if (!grant.scopes.split(' ').includes('openid')) return answer
  return { ...answer, id_token: idToken(call, grant, access) }
}

/** HS256, signed with the client secret, carrying the person's roles. */
function idToken(call: Call, grant: Grant, access: string): string {
  const now = call.host.site.state.clock.unixSeconds()
  const half = createHash('sha256').update(access).digest().subarray(0, 16)
  const claims = {
    iss: call.request.origin,
    aud: grant.client.name,
    iat: now,
    exp: now + LIFETIME,
    at_hash: half.toString('base64url'),
    ...(grant.nonce ? { nonce: grant.nonce } : {}),
    ...userInfo(call.site, grant.user),
  }
  const head = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const secret = String(grant.client.client_secret)
  const signature = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')
  return `${head}.${body}.${signature}`
}

function userInfo(site: SiteSession, user: string): Record<string, unknown> {
  const document = site.getDoc('User', user)
  return {
    sub: createHash('sha256').update(user).digest('hex').slice(0, 39),
    name: document.full_name,
    given_name: document.first_name,
    family_name: document.last_name,
    email: document.email,
    picture: document.user_image,
    roles: site.as(user, (session) => [...session.roles]),
  }
}

function revokeToken(call: Call): unknown {
  const { site, args } = call
  const token = String(args.token ?? '')
  const column = args.token_type_hint === 'refresh_token' ? 'refresh_token' : 'access_token'
  const rows = site.getAll('OAuth Bearer Token', { filters: { [column]: token } })
  for (const row of rows) site.dbSet('OAuth Bearer Token', String(row.name), { status: 'Revoked' })
  call.reply.raw = json(200, {})
  call.reply.commit = true
  return undefined
}

/** `active` is the stored status only; the caller has to compare `exp`. */
function introspect(call: Call): unknown {
  const { site, args, host } = call
  const column = args.token_type_hint === 'refresh_token' ? 'refresh_token' : 'access_token'
  const filters = { [column]: String(args.token ?? '') }
  const fields = ['client', 'user', 'scopes', 'status', 'expiration_time']
  const [token] = site.getAll('OAuth Bearer Token', { filters, fields })
  const client = token && findClient(site, token.client)
  if (!token || !client) {
    call.reply.raw = json(200, { active: false })
    return undefined
  }
  call.reply.raw = json(200, {
    client_id: client.name,
    trusted_client: client.skip_authorization,
    active: token.status === 'Active',
    exp: host.site.state.clock.unixSecondsOf(String(token.expiration_time)),
    scope: token.scopes,
    ...(String(token.scopes).includes('openid') ? userInfo(site, String(token.user)) : {}),
  })
  return undefined
}

function profile(call: Call): unknown {
  call.reply.raw = json(200, { ...userInfo(call.site, call.site.user), iss: call.request.origin })
  return undefined
}

function configuration(call: Call): unknown {
  const base = `${call.request.origin}/api/method/${BASE}`
  call.reply.raw = json(200, {
    issuer: call.request.origin,
    authorization_endpoint: `${base}.authorize`,
    token_endpoint: `${base}.get_token`,
    userinfo_endpoint: `${base}.openid_profile`,
    revocation_endpoint: `${base}.revoke_token`,
    introspection_endpoint: `${base}.introspect_token`,
    response_types_supported: [
      'code',
      'token',
      'code id_token',
      'code token id_token',
      'id_token',
      'id_token token',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['HS256'],
  })
  return undefined
}
