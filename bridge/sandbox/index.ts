import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createSandboxServer, Faults, WebSessions } from './http/index.ts'
import type { SandboxApp } from './site/contract.ts'
import { createSite } from './site/index.ts'
import type { Site, StoreSnapshot } from './site/index.ts'
import { keepState, readSnapshot } from './snapshot-file.ts'

export interface SandboxOptions {
  /** 0 takes a free port. */
  port: number
  apps: SandboxApp[]
  /** Keeps state and files here across restarts; in memory when absent. */
  dataDir?: string
  clock?: () => Date
  timeZone?: string
  siteName?: string
  /** Folder of the built pages (`desk-ui/dist`). */
  staticFolder?: string
  /** The app's `public` folder, for the panel in Desk. */
  publicFolder?: string
  bridgeUrl?: string
}

export interface Sandbox {
  url: string
  /** The site itself, for tests that look or write behind HTTP's back. */
  site: Site
  faults: Faults
  /** Tells the pages where the bridge listens. */
  setBridgeUrl(url: string): void
  stop(): Promise<void>
}

/** Starts the embedded site on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir } = options
  const stored = dataDir ? readSnapshot(dataDir) : null
  const site = openSite(options, stored?.store)
  const sessions = new WebSessions()
  if (stored) sessions.load(stored.sessions)
  const keeper = dataDir ? keepState(dataDir, site, sessions) : null
  const faults = new Faults()
  let bridgeUrl = options.bridgeUrl ?? ''
  const server = createSandboxServer({
    host: {
      site,
      sessions,
      bridgeUrl: () => bridgeUrl,
      staticFolder: options.staticFolder ?? null,
      publicFolder: options.publicFolder ?? null,
      newSecret: () => randomBytes(8).toString('hex').slice(0, 15),
      newToken: () => randomBytes(15).toString('hex'),
    },
    faults,
    ...(keeper ? { afterRequest: () => keeper.touch() } : {}),
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    site,
    faults,
    setBridgeUrl: (url) => void (bridgeUrl = url),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      keeper?.close()
    },
  }
}

function openSite(options: SandboxOptions, snapshot: StoreSnapshot | undefined): Site {
  return createSite(options.apps, {
    ...(options.siteName ? { name: options.siteName } : {}),
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.dataDir ? { filesFolder: join(options.dataDir, 'files') } : {}),
    ...(snapshot ? { snapshot } : {}),
  })
}
