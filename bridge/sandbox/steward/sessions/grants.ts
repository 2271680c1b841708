import { createHash, randomBytes } from 'node:crypto'
import type { Controller, SiteContext } from '../../site/contract.ts'
import { instantOf, stampOf } from '../site-time.ts'
import { textOf } from '../values.ts'

const DOCTYPE = 'Steward Grant'
const TOKEN = 'OAuth Bearer Token'
export const DELEGATED_MINUTES = 7 * 24 * 60
const QUIETLY = { ignorePermissions: true, ignoreLinks: true }

export interface Issued {
  token: string
  expiresAt: string
}

/** A new bearer token of Steward's own OAuth client, bound to a session or a consent. */
export function issue(
  site: SiteContext,
  kind: 'interactive' | 'delegated',
  minutes: number,
  binding: string | null,
  scope: string | null,
): Issued {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = minutesFromNow(site, minutes)
  site.insert(
    {
      doctype: TOKEN,
      client: clientId(site),
      user: site.user,
      scopes: 'all openid',
      access_token: token,
      expires_in: minutes * 60,
      expiration_time: expiresAt,
      status: 'Active',
    },
    QUIETLY,
  )
  const grant = { token, user: site.user, kind, scope, expires_at: expiresAt }
  site.insert({ doctype: DOCTYPE, ...grant, session_binding: binding }, QUIETLY)
  return { token, expiresAt }
}

/** This session's token while at least half of its life is left. */
export function standingInteractive(
  site: SiteContext,
  binding: string,
  minutes: number,
): Issued | null {
  const half = minutesFromNow(site, Math.floor(minutes / 2))
  const [grant] = site.getAll(DOCTYPE, {
    filters: [
      ['user', '=', site.user],
      ['kind', '=', 'interactive'],
      ['session_binding', '=', binding],
      ['revoked', '=', 0],
      ['expires_at', '>', half],
    ],
    fields: ['token', 'expires_at'],
    order_by: 'expires_at desc',
    limit_page_length: 1,
  })
  return grant ? { token: textOf(grant.token), expiresAt: textOf(grant.expires_at) } : null
}

/** Revokes every standing grant that matches; answers how many. */
export function revoke(filters: Record<string, unknown>, site: SiteContext): number {
  const grants = site.getAll(DOCTYPE, {
    filters: { ...filters, revoked: 0 },
    fields: ['name', 'token'],
  })
  for (const grant of grants) {
    revokeToken(textOf(grant.token), site)
    site.dbSet(DOCTYPE, textOf(grant.name), { revoked: 1 })
  }
  return grants.length
}

export function grantOf(token: string, site: SiteContext): Record<string, unknown> | null {
  const [grant] = site.getAll(DOCTYPE, { filters: { token }, fields: ['*'], limit_page_length: 1 })
  return grant ?? null
}

/** The hash of an ERPNext session id; the id itself is a credential and is not kept. */
export function bind(sessionId: string): string {
  return createHash('sha256').update(`steward:${sessionId}`).digest('hex')
}

export function clientId(site: SiteContext): string {
  return textOf(site.getSingle('Steward Settings').oauth_client)
}

export const stewardGrant: Controller = {
  onTrash: (document, site) => revokeToken(textOf(document.token), site),
}

/** Notes each token that the site's own code flow issued to Steward's client, as a grant. */
export const oauthTokens: Controller = {
  afterInsert(document, site) {
    if (!document.refresh_token || document.client !== clientId(site)) return
    const { name: token, user, expiration_time: expires_at } = document
    site.insert({ doctype: DOCTYPE, token, user, kind: 'oauth', expires_at }, QUIETLY)
  },
}

/** Disabling a user ends all grants, a new password those that outlive a session. */
export const userGrants: Controller = {
  beforeValidate(document, site, before) {
    const isNewPassword = before !== null && Boolean(document.new_password)
    if (!isNewPassword) return
    for (const kind of ['delegated', 'oauth']) revoke({ user: document.name, kind }, site)
  },
  onUpdate(document, site) {
    if (!document.enabled) revoke({ user: document.name }, site)
  },
}

function revokeToken(token: string, site: SiteContext): void {
  site.dbSet(TOKEN, token, { status: 'Revoked' })
}

function minutesFromNow(site: SiteContext, minutes: number): string {
  const now = instantOf(site.now(), site.timeZone) ?? 0
  return stampOf(now + minutes * 60_000, site.timeZone)
}
