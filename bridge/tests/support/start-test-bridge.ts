import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startSandbox, type Sandbox } from '../../sandbox/index.ts'
import { erpnextApp } from '../../sandbox/erpnext/index.ts'
import { bridgeConnection, connectBridge } from '../../sandbox/bridge-connection.ts'
import { stewardApp } from '../../sandbox/steward/index.ts'
import { startApp, type App, type AppOverrides } from '../../src/app.ts'
import { loadConfig } from '../../src/config/index.ts'

export interface TestBridge {
  url: string
  sandbox: Sandbox
  app: App
  stop(): Promise<void>
}

export interface TestBridgeOptions {
  environment?: Record<string, string>
  overrides?: AppOverrides
  sandbox?: Sandbox
}

/** A sandbox with sample data and the real bridge on it, both on free ports of 127.0.0.1. */
export async function startTestBridge(options: TestBridgeOptions = {}): Promise<TestBridge> {
  const sandbox = options.sandbox ?? (await startTestSandbox())
  const folder = await mkdtemp(join(tmpdir(), 'steward-test-'))
  const config = loadConfig({
    STEWARD_PORT: '0',
    STEWARD_DATA_DIR: folder,
    ...siteEnvironment(sandbox),
    STEWARD_RATE_LIMIT_PER_MINUTE: '100000',
    ...options.environment,
  })
  const app = await startApp(config, {
    temporaryDatabase: true,
    logger: pino({ level: process.env.STEWARD_TEST_LOG ?? 'silent' }),
    ...options.overrides,
  })
  connectBridge(sandbox, app.url)
  return {
    url: app.url,
    sandbox,
    app,
    stop: async () => {
      await app.stop()
      if (!options.sandbox) await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Variables that connect a bridge with this site. */
export function siteEnvironment(sandbox: Sandbox): Record<string, string> {
  const { service, oauth } = bridgeConnection(sandbox)
  return {
    STEWARD_SITE_URL: sandbox.url,
    STEWARD_SERVICE_KEY: service.key,
    STEWARD_SERVICE_SECRET: service.secret,
    STEWARD_OAUTH_CLIENT_ID: oauth.client_id,
    STEWARD_OAUTH_CLIENT_SECRET: oauth.client_secret,
  }
}

export function startTestSandbox(): Promise<Sandbox> {
  return startSandbox({ port: 0, apps: [erpnextApp, stewardApp] })
}
