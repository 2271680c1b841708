import type { SiteIdentity } from '../../../src/shared/site-protocol.ts'
import type { SiteContext } from '../../site/contract.ts'
import { refuse } from '../operations/refusal.ts'
import { instantOf } from '../site-time.ts'
import { textOf } from '../values.ts'
import { formatsOf } from './formats.ts'
import { bind, clientId, grantOf } from './grants.ts'

const AUTOMATIC_ROLES = new Set(['All', 'Guest', 'Desk User'])
const VERSIONS = { app_version: '0.1.0', frappe_version: '15.101.1', erpnext_version: '15.99.1' }

/** Whom the credentials of this very call belong to. */
export function identityOf(site: SiteContext): SiteIdentity {
  if (!site.exists('User', site.user)) refuse('Authentication required', 'AuthenticationError')
  const user = site.getDoc('User', site.user)
  const company = site.getDefault('company')
  return {
    user: site.user,
    full_name: textOf(user.full_name) || site.user,
    email: textOf(user.email),
    image: textOf(user.user_image) || null,
    site: site.siteName,
    roles: [...site.roles].filter((role) => !AUTOMATIC_ROLES.has(role)).sort(),
    user_type: textOf(user.user_type),
    language: textOf(user.language) || 'en',
    time_zone: site.timeZone,
    display_time_zone: textOf(user.time_zone) || site.timeZone,
    ...formatsOf(site),
    currency: currencyOf(company, site),
    default_company: company,
    ...credentials(site),
    ...VERSIONS,
  }
}

function currencyOf(company: string | null, site: SiteContext): string {
  const own = company ? site.getValue('Company', company, 'default_currency') : null
  return textOf(own) || site.getDefault('currency') || 'USD'
}

type Credentials = Pick<
  SiteIdentity,
  'authentication' | 'steward_client' | 'session_binding' | 'grant_kind' | 'expires_at'
>

function credentials(site: SiteContext): Credentials {
  const { authentication, session_id: session, bearer_token: token } = site.identity
  const none = { steward_client: false, session_binding: null, grant_kind: null, expires_at: null }
  if (authentication === 'bearer' && token) {
    return { ...none, authentication, ...bearerDetails(token, site) }
  }
  if (authentication === 'cookie') {
    return { ...none, authentication, session_binding: session ? bind(session) : null }
  }
  return { ...none, authentication: 'api_key' }
}

function bearerDetails(token: string, site: SiteContext): Omit<Credentials, 'authentication'> {
  const row = site.exists('OAuth Bearer Token', token)
    ? site.getDoc('OAuth Bearer Token', token)
    : null
  const own = row !== null && row.client === clientId(site)
  const grant = grantOf(token, site)
  const kind = (textOf(grant?.kind) || 'oauth') as SiteIdentity['grant_kind']
  const expires = instantOf(textOf(row?.expiration_time), site.timeZone)
  return {
    steward_client: own,
    session_binding: textOf(grant?.session_binding) || null,
    grant_kind: own ? kind : null,
    expires_at: expires === null ? null : Math.floor(expires / 1000),
  }
}
