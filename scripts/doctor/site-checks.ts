import type { Config } from '../../bridge/src/config/index.ts'
import {
  createSiteClient,
  type SiteClient,
  type SiteSession,
} from '../../bridge/src/platform/frappe/index.ts'
import { createMetrics } from '../../bridge/src/platform/telemetry/index.ts'
import {
  STEWARD_METHODS,
  type SiteHealth,
  type SiteIdentity,
  type SiteSettings,
} from '../../bridge/src/shared/site-protocol.ts'
import { VERSION } from '../../bridge/src/version.ts'
import { found, LOOPBACK, mend, note, ok, type Finding } from './finding.ts'

const BRIDGE_ROLE = 'Steward Bridge'
/** Roles every user has, and ours. */
const HARMLESS_ROLES = new Set([BRIDGE_ROLE, 'All', 'Guest', 'Desk User'])
const MOST_SKEW_MS = 30_000
const SUPPORTED = ['15', '16']

/** The ERPNext site as the bridge would use it, from reachable to bearers. */
export async function checkSite(config: Config): Promise<Finding[]> {
  const site = createSiteClient({
    ...config.site,
    siteName: config.site.name,
    metrics: createMetrics(),
  })
  try {
    const reachable = await found(
      'site',
      async () => ok('site', `${site.url} answers in ${Math.round(await site.ping())} ms`),
      'Check STEWARD_SITE_URL, STEWARD_SITE_NAME and that ERPNext runs.',
    )
    if (reachable.state === 'mend') return [reachable]
    return [
      reachable,
      ...(await checkPublicAddress(config)),
      await checkClock(config),
      ...(await checkService(config, site)),
    ]
  } finally {
    site.close()
  }
}

/** Only when browsers reach the site elsewhere than the bridge does. */
async function checkPublicAddress(config: Config): Promise<Finding[]> {
  const { url, publicUrl, name } = config.site
  if (publicUrl === url) return []
  if (publicUrl.startsWith('http:') && !LOOPBACK.test(publicUrl.slice('http://'.length)))
    return [mend('public address', `${publicUrl} is not https. People's passwords go there.`)]
  const answer = await fetch(`${publicUrl}/api/method/ping`, {
    headers: name ? { 'X-Frappe-Site-Name': name } : {},
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null)
  const body: unknown = await answer?.json().catch(() => null)
  if (answer === null)
    return [
      note('public address', `${publicUrl} cannot be reached from here; browsers must reach it`),
    ]
  const isSite = typeof body === 'object' && body !== null && 'message' in body
  return isSite && body.message === 'pong'
    ? [ok('public address', `people sign in at ${publicUrl}`)]
    : [mend('public address', `no ERPNext answers at ${publicUrl}. Check STEWARD_SITE_PUBLIC_URL.`)]
}

async function checkClock(config: Config): Promise<Finding> {
  const look = async () => {
    const before = Date.now()
    const response = await fetch(`${config.site.url}/api/method/ping`, {
      headers: config.site.name ? { 'X-Frappe-Site-Name': config.site.name } : {},
      signal: AbortSignal.timeout(10_000),
    })
    const middle = (before + Date.now()) / 2
    const skew = Date.parse(response.headers.get('date') ?? '') - middle
    if (Number.isNaN(skew)) return note('clock', 'the site sends no Date header to compare with')
    const seconds = `${(Math.abs(skew) / 1000).toFixed(1)} s`
    if (Math.abs(skew) > MOST_SKEW_MS)
      return mend('clock', `${seconds} apart. Set both machines by NTP: grants end by the clock.`)
    return ok('clock', `less than ${Math.ceil(Math.abs(skew) / 1000) || 1} s apart`)
  }
  return found('clock', look, 'Check the network between the bridge and the site.')
}

async function checkService(config: Config, site: SiteClient): Promise<Finding[]> {
  if (!config.site.service)
    return [
      mend(
        'service user',
        'STEWARD_SERVICE_KEY and STEWARD_SERVICE_SECRET are missing. Run scripts/install-app.',
      ),
    ]
  const service = site.as({ kind: 'api_key', ...config.site.service })
  let identity: SiteIdentity
  try {
    identity = await service.call<SiteIdentity>(STEWARD_METHODS.whoami, {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [
      mend(
        'service user',
        `${reason} Is the app installed on this site, and is the key current? Run scripts/install-app, then restart ERPNext.`,
      ),
    ]
  }
  return [
    ...identityFindings(identity),
    await checkSettings(config, service),
    ...(await checkHealth(config, site, service)),
  ]
}

function identityFindings(identity: SiteIdentity): Finding[] {
  const extra = identity.roles.filter((role) => !HARMLESS_ROLES.has(role))
  return [
    appFinding(identity),
    zoneFinding(identity.time_zone),
    !identity.roles.includes(BRIDGE_ROLE)
      ? mend('service user', `${identity.user} has not the role ${BRIDGE_ROLE}. Give it that one.`)
      : extra.length > 0
        ? mend(
            'service user',
            `${identity.user} has more roles than it should: ${extra.join(', ')}. Take them away.`,
          )
        : ok('service user', `${identity.user} with the role ${BRIDGE_ROLE} only`),
  ]
}

function appFinding(identity: SiteIdentity): Finding {
  const versions = `app ${identity.app_version}, ERPNext ${identity.erpnext_version ?? 'not installed'}, Frappe ${identity.frappe_version}`
  if (!SUPPORTED.includes(identity.frappe_version.split('.')[0] ?? ''))
    return mend('app', `${versions}. Frappe 15 and 16 are supported.`)
  if (!identity.erpnext_version) return mend('app', `${versions}. Install ERPNext on the site.`)
  if (identity.app_version !== VERSION)
    return mend(
      'app',
      `${versions}, but the bridge is ${VERSION}. Update the older one; run scripts/install-app for the app.`,
    )
  return ok('app', versions)
}

function zoneFinding(zone: string): Finding {
  try {
    const now = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' })
    return ok('time zone', `${zone}, where it is ${now.format(new Date())}`)
  } catch {
    return mend('time zone', `"${zone}" is no IANA zone. Set it in ERPNext's System Settings.`)
  }
}

async function checkSettings(config: Config, service: SiteSession): Promise<Finding> {
  const look = async () => {
    const settings = await service.call<SiteSettings>(STEWARD_METHODS.settings, {})
    const ours = config.publicUrl ?? `http://${config.host}:${config.port}`
    if (!settings.enabled) return mend('settings', 'Steward is off: enable it in Steward Settings.')
    if (settings.bridge_url !== ours)
      return mend(
        'settings',
        `Steward Settings send pages to "${settings.bridge_url}", the bridge is at ${ours}. Set one to the other.`,
      )
    if (settings.oauth_client_id !== config.site.oauth?.clientId)
      return mend(
        'settings',
        'STEWARD_OAUTH_CLIENT_ID is not the OAuth Client of Steward Settings. Run scripts/install-app.',
      )
    if (settings.oauth_client_secret !== config.site.oauth.clientSecret)
      return mend(
        'settings',
        'STEWARD_OAUTH_CLIENT_SECRET is not that of the OAuth Client. Run scripts/install-app.',
      )
    const providers = settings.providers.filter((provider) => provider.enabled).length
    return ok('settings', `readable, with ${providers || 'no'} model provider(s)`)
  }
  return found('settings', look, 'The service user must be able to read Steward Settings.')
}

async function checkHealth(
  config: Config,
  site: SiteClient,
  service: SiteSession,
): Promise<Finding[]> {
  try {
    const health = await service.call<SiteHealth>(STEWARD_METHODS.health, {})
    return [
      health.workers === 0
        ? mend('worker', 'no background worker runs. Start one: `bench worker`, or its container.')
        : health.scheduler_active
          ? ok('worker', `${health.workers} running, scheduler on`)
          : mend('worker', 'the scheduler is off. Run `bench --site SITE enable-scheduler`.'),
      redirectFinding(config, health.redirect_uris),
      await checkBearer(site, health.probe_token),
    ]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [mend('worker', `${reason} Update the app on the site, then restart ERPNext.`)]
  }
}

function redirectFinding(config: Config, uris: string[]): Finding {
  const wanted = `${config.publicUrl ?? `http://${config.host}:${config.port}`}/v1/oauth/callback`
  return uris.includes(wanted)
    ? ok('OAuth client', `sends people back to ${wanted}`)
    : mend(
        'OAuth client',
        `its redirect URIs (${uris.join(', ') || 'none'}) lack ${wanted}. Save Steward Settings with the bridge's address.`,
      )
}

async function checkBearer(site: SiteClient, token: string | null): Promise<Finding> {
  if (!token)
    return mend('bearer', 'Steward Settings name no OAuth Client. Run scripts/install-app.')
  const look = async () => {
    const bearer = site.as({ kind: 'bearer', access_token: token })
    const identity = await bearer.call<SiteIdentity>(STEWARD_METHODS.whoami, {})
    await bearer.call(STEWARD_METHODS.revoke, {})
    return identity.authentication === 'bearer' && identity.steward_client
      ? ok('bearer', 'accepted, and revoked again')
      : mend('bearer', `taken as ${identity.authentication}. Does a proxy change Authorization?`)
  }
  return found('bearer', look, 'A proxy may be dropping the Authorization header.')
}
