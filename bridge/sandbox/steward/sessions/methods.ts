import { STEWARD_METHODS, type SessionGrant } from '../../../src/shared/site-protocol.ts'
import type { SiteContext, WhitelistedMethod } from '../../site/contract.ts'
import { requirePerson } from '../access.ts'
import { refuse } from '../operations/refusal.ts'
import { utcOf } from '../site-time.ts'
import { textOf } from '../values.ts'
import {
  bind,
  clientId,
  DELEGATED_MINUTES,
  grantOf,
  issue,
  revoke,
  standingInteractive,
  type Issued,
} from './grants.ts'
import { identityOf } from './identity.ts'

/** `steward.api.session`: grants by which the bridge acts as a person, and who is calling. */
export const sessionMethods: WhitelistedMethod[] = [
  {
    name: STEWARD_METHODS.grant,
    methods: ['POST'],
    run(site, args) {
      requirePerson(site)
      if (!clientId(site)) refuse('Steward is not connected to a bridge yet.')
      const kind = textOf(args.kind) || 'interactive'
      if (kind === 'interactive') return interactive(site)
      if (kind === 'delegated') return delegated(site, textOf(args.scope), Boolean(args.consent))
      return refuse(`There is no grant of the kind ${kind}.`)
    },
  },
  {
    name: STEWARD_METHODS.revoke,
    methods: ['POST'],
    run: (site, args) => ({ revoked: revokeAsked(site, textOf(args.kind)) }),
  },
  { name: STEWARD_METHODS.whoami, methods: ['POST'], run: (site) => identityOf(site) },
]

/** Logging out of ERPNext ends the grants of that session. */
export function endSession(site: SiteContext, sessionId: string): void {
  revoke({ kind: 'interactive', session_binding: bind(sessionId) }, site)
}

function interactive(site: SiteContext): SessionGrant {
  const binding = requireCookieSession(site)
  const minutes = Math.max(5, Number(site.getSingle('Steward Settings').grant_minutes) || 60)
  const standing = standingInteractive(site, binding, minutes)
  return answer(standing ?? issue(site, 'interactive', minutes, binding, null), site)
}

/** From a cookie session with consent, or renewed by itself before it expires. */
function delegated(site: SiteContext, scope: string, consent: boolean): SessionGrant {
  const token = site.identity.bearer_token
  let named = scope
  if (token) {
    const standing = grantOf(token, site)
    if (standing?.kind !== 'delegated') {
      return refuse('Only a delegated grant renews itself.', 'PermissionError')
    }
    named = textOf(standing.scope)
    revoke({ name: standing.name }, site)
  } else {
    requireCookieSession(site)
    if (!consent || !scope) {
      refuse('A delegated grant needs a named scope and your consent.', 'PermissionError')
    }
  }
  return answer(issue(site, 'delegated', DELEGATED_MINUTES, null, named.slice(0, 140)), site)
}

/** The binding of a signed-in browser; that it sent its CSRF token, the site has checked. */
function requireCookieSession(site: SiteContext): string {
  const { authentication, session_id: session } = site.identity
  if (authentication === 'cookie' && session) return bind(session)
  return refuse('Only a signed-in browser session can ask for a grant.', 'PermissionError')
}

function answer(issued: Issued, site: SiteContext): SessionGrant {
  return {
    access_token: issued.token,
    token_type: 'Bearer',
    expires_at: utcOf(issued.expiresAt, site) ?? '',
    user: site.user,
    site: site.siteName,
    bridge_url: textOf(site.getSingle('Steward Settings').bridge_url),
  }
}

function revokeAsked(site: SiteContext, kind: string): number {
  const { bearer_token: token, session_id: session } = site.identity
  if (kind === 'delegated') return revoke({ user: site.user, kind: 'delegated' }, site)
  if (token) return revoke({ token }, site)
  if (!session) return 0
  return revoke({ user: site.user, kind: 'interactive', session_binding: bind(session) }, site)
}
