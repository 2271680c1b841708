import type { Sandbox } from './index.ts'
import { SANDBOX_BRIDGE } from './steward/index.ts'

/** What a bridge needs to use this site; `install-app` writes the same for a real one. */
export interface BridgeConnection {
  site_name: string
  service: { key: string; secret: string }
  oauth: { client_id: string; client_secret: string }
}

export function bridgeConnection(sandbox: Sandbox): BridgeConnection {
  const [client] = sandbox.site.read('Administrator', (site) =>
    site.getAll('OAuth Client', {
      fields: ['name', 'client_secret'],
      filters: { app_name: 'Steward' },
    }),
  )
  return {
    site_name: sandbox.site.name,
    service: { key: SANDBOX_BRIDGE.serviceKey, secret: SANDBOX_BRIDGE.serviceSecret },
    oauth: {
      client_id: String(client?.name ?? ''),
      client_secret: String(client?.client_secret ?? ''),
    },
  }
}

/** Tells the site where its bridge listens: pages, settings, and where OAuth may send people back. */
export function connectBridge(sandbox: Sandbox, bridgeUrl: string): void {
  sandbox.setBridgeUrl(bridgeUrl)
  const callback = `${bridgeUrl}/v1/oauth/callback`
  sandbox.site.run('Administrator', (site) => {
    const { oauth_client } = site.getSingle('Steward Settings')
    site.dbSet('OAuth Client', String(oauth_client), {
      redirect_uris: callback,
      default_redirect_uri: callback,
    })
    site.save(
      { ...site.getSingle('Steward Settings'), bridge_url: bridgeUrl },
      { ignorePermissions: true },
    )
  })
}
