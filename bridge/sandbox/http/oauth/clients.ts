import type { Document } from '../../site/contract.ts'
import type { SiteSession } from '../../site/index.ts'

export function findClient(site: SiteSession, id: unknown): Document | null {
  const name = String(id ?? '')
  return site.exists('OAuth Client', name) ? site.getDoc('OAuth Client', name) : null
}

/** Redirect URIs are separated by blanks and must match exactly. */
export function allowsRedirect(client: Document, uri: string): boolean {
  return redirectUris(client).includes(uri)
}

function redirectUris(client: Document): string[] {
  const listed = String(client.redirect_uris ?? '')
    .split(/\s+/)
    .filter(Boolean)
  return listed.length ? listed : [String(client.default_redirect_uri ?? '')]
}

/** Only users with an allowed role may authorise; without roles every desk user may. */
export function allowsUser(client: Document, site: SiteSession): boolean {
  const roles = ((client.allowed_roles as Document[] | undefined) ?? []).map((row) =>
    String(row.role),
  )
  if (roles.length === 0) return site.roles.has('Desk User')
  return roles.some((role) => site.roles.has(role))
}

export function scopesOf(client: Document): string[] {
  return String(client.scopes ?? '')
    .split(/\s+/)
    .filter(Boolean)
}
