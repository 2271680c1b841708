import { join } from 'node:path'
import { bridgeConnection, connectBridge } from './bridge-connection.ts'
import { erpnextApp, SAMPLE_USERS } from './erpnext/index.ts'
import { startSandbox } from './index.ts'
import { stewardApp } from './steward/index.ts'

/** Runs the sandbox alone; a parent process is told how to connect to it. */
async function main(): Promise<void> {
  const environment = process.env
  const sandbox = await startSandbox({
    port: Number(environment.STEWARD_SANDBOX_PORT ?? 8701),
    apps: [erpnextApp, stewardApp],
    publicFolder: join(import.meta.dirname, '../../frappe-app/steward/public'),
    ...(environment.STEWARD_SANDBOX_DATA_DIR
      ? { dataDir: environment.STEWARD_SANDBOX_DATA_DIR }
      : {}),
    ...(environment.STEWARD_SANDBOX_PAGES
      ? { staticFolder: environment.STEWARD_SANDBOX_PAGES }
      : {}),
  })
  if (environment.STEWARD_SANDBOX_BRIDGE_URL)
    connectBridge(sandbox, environment.STEWARD_SANDBOX_BRIDGE_URL)
  const accounts = SAMPLE_USERS.map(({ email, password, describedAs }) => ({
    email,
    password,
    described_as: describedAs,
  }))
  if (process.send) process.send({ listening: sandbox.url, ...bridgeConnection(sandbox), accounts })
  else console.log(`Sandbox site on ${sandbox.url}`)
  const stop = () => void sandbox.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
