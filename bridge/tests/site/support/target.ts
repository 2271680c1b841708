import { fileURLToPath } from 'node:url'
import type { Sandbox } from '../../../sandbox/index.ts'
import { SiteClient } from './site-client.ts'

/** The site under test: the sandbox, or a real one named by `npm run test:site`. */
export interface Target {
  url: string
  /** A System Manager, signed in by password. */
  admin: SiteClient
  /** Only of the sandbox: its inside. */
  sandbox: Sandbox | null
  stop(): Promise<void>
}

export async function openTarget(): Promise<Target> {
  const {
    STEWARD_SITE_URL: url,
    STEWARD_SITE_USER: user,
    STEWARD_SITE_PASSWORD: password,
  } = process.env
  if (url) {
    const admin = await SiteClient.login(url, user ?? 'Administrator', password ?? '')
    return { url, admin, sandbox: null, stop: async () => undefined }
  }
  return openSandbox()
}

/** Loaded only when needed: a run against a real site starts no sandbox. */
async function openSandbox(): Promise<Target> {
  const { startSandbox } = await import('../../../sandbox/index.ts')
  const { erpnextApp } = await import('../../../sandbox/erpnext/index.ts')
  const { stewardApp } = await import('../../../sandbox/steward/index.ts')
  const staticFolder = fileURLToPath(new URL('../../../../desk-ui/dist', import.meta.url))
  const sandbox = await startSandbox({ port: 0, apps: [erpnextApp, stewardApp], staticFolder })
  const admin = await SiteClient.login(sandbox.url, 'Administrator', 'admin')
  return { url: sandbox.url, admin, sandbox, stop: () => sandbox.stop() }
}
