import type { SiteContext } from '../site/contract.ts'
import { BRIDGE, MANAGER, STEWARD_ROLES } from './access.ts'

/** The bridge's own account on the sandbox; a real site gets its own from `install-app`. */
export const SANDBOX_BRIDGE = {
  email: 'steward-bridge@example.com',
  serviceKey: 'stewardsandbox1',
  serviceSecret: 'stewardsecret01',
}

/** Who of the sample people uses Steward, and as what. */
const STEWARD_PEOPLE: Record<string, string[]> = {
  'nadia@example.com': [MANAGER, 'Steward User'],
  'tom@example.com': ['Steward User'],
  'ivy@example.com': ['Steward User'],
  'olga@example.com': ['Steward User'],
  'raj@example.com': ['Steward User'],
}
const QUIETLY = { ignorePermissions: true, ignoreLinks: true }
const NOWHERE = 'http://127.0.0.1:0/v1/oauth/callback'

/** What installing the app leaves on a site: roles, OAuth client, settings, service user, a plan. */
export function seedSteward(site: SiteContext): void {
  for (const role of STEWARD_ROLES) {
    if (site.exists('Role', role)) continue
    const desk = role === BRIDGE ? 0 : 1
    site.insert({ doctype: 'Role', role_name: role, desk_access: desk }, QUIETLY)
  }
  const client = addOAuthClient(site)
  addServiceUser(site)
  givePeopleRoles(site)
  addPlan(site)
  const settings = {
    ...site.getSingle('Steward Settings'),
    enabled: 1,
    grant_minutes: 60,
    oauth_client: client,
    service_user: SANDBOX_BRIDGE.email,
    default_plan: 'Sandbox',
  }
  site.save(settings, QUIETLY)
}

function addOAuthClient(site: SiteContext): string {
  return site.insert(
    {
      doctype: 'OAuth Client',
      app_name: 'Steward',
      scopes: 'all openid',
      redirect_uris: NOWHERE,
      default_redirect_uri: NOWHERE,
      grant_type: 'Authorization Code',
      response_type: 'Code',
      skip_authorization: 1,
    },
    QUIETLY,
  ).name
}

function addServiceUser(site: SiteContext): void {
  site.insert(
    {
      doctype: 'User',
      email: SANDBOX_BRIDGE.email,
      first_name: 'Steward',
      last_name: 'Bridge',
      enabled: 1,
      user_type: 'System User',
      send_welcome_email: 0,
      api_key: SANDBOX_BRIDGE.serviceKey,
      api_secret: SANDBOX_BRIDGE.serviceSecret,
      roles: [{ role: BRIDGE }],
    },
    QUIETLY,
  )
}

function givePeopleRoles(site: SiteContext): void {
  for (const [email, roles] of Object.entries(STEWARD_PEOPLE)) {
    if (!site.exists('User', email)) continue
    const user = site.getDoc('User', email)
    const current = Array.isArray(user.roles) ? user.roles : []
    site.save({ ...user, roles: [...current, ...roles.map((role) => ({ role }))] }, QUIETLY)
  }
}

function addPlan(site: SiteContext): void {
  site.insert(
    {
      doctype: 'Steward Plan',
      plan_name: 'Sandbox',
      enabled: 1,
      currency: 'USD',
      description: 'For trying Steward out',
      monthly_requests: 100_000,
      monthly_model_budget_usd: 50,
      person_monthly_requests: 0,
      person_monthly_model_budget_usd: 0,
    },
    QUIETLY,
  )
}
