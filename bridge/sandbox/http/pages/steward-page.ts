import { html } from '../envelope.ts'
import type { Call, SiteResponse } from '../exchange.ts'
import { readStatic } from '../static-files.ts'
import { FRAPPE_VERSION } from '../versions.ts'

const BOOT_LOOP = /\{%-?\s*for[\s\S]*?endfor\s*-?%\}/

/** The built pages with what `steward/www/steward.py` puts on `window`. */
export function stewardPage(call: Call, csrfToken: string): SiteResponse {
  const built = readStatic(call.host.staticFolder, 'index.html')
  if (!built)
    return html(503, '<h1>The pages are not built</h1><p>Run <code>npm run build</code>.</p>')
  const settings = stewardSettings(call)
  const boot = {
    csrf_token: csrfToken,
    site_name: call.host.site.name,
    bridge_url: call.host.bridgeUrl() || settings.bridgeUrl,
    user: call.site.user,
    frappe_version: FRAPPE_VERSION,
    enabled: settings.enabled,
    may_approve: call.site.roles.has('Steward User') || call.site.roles.has('Steward Manager'),
  }
  return html(200, withBoot(built.toString('utf8'), boot))
}

function stewardSettings(call: Call): { enabled: boolean; bridgeUrl: string } {
  if (!call.site.hasMeta('Steward Settings')) return { enabled: true, bridgeUrl: '' }
  const settings = call.site.getSingle('Steward Settings')
  return { enabled: Boolean(settings.enabled), bridgeUrl: String(settings.bridge_url ?? '') }
}

/** Fills the template's boot loop, or adds a script where the build has none. */
function withBoot(page: string, boot: Record<string, string | boolean>): string {
  const script = Object.entries(boot)
    .map(([key, value]) => `window[${literal(key)}] = ${literal(value)};`)
    .join('\n')
  if (BOOT_LOOP.test(page)) return page.replace(BOOT_LOOP, () => script)
  return page.replace('</head>', () => `<script>${script}</script></head>`)
}

function literal(value: string | boolean): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
