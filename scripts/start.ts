/**
 * `npm start`: the bridge for the ERPNext that `.env` or the environment names, or else the bridge
 * beside a sandbox site, wired with each other. Builds the pages first when they are out of date.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildPages } from './start/pages.ts'
import { requireFreePort, SPARING, startProcess, stopAll, type Running } from './start/processes.ts'

const ROOT = join(import.meta.dirname, '..')
const BRIDGE = join(ROOT, 'bridge/src/main.ts')
const SANDBOX = join(ROOT, 'bridge/sandbox/main.ts')
const STATE = join(ROOT, '.steward/sandbox')

/** What the sandbox tells its parent once it listens. */
interface SandboxReady {
  listening: string
  site_name: string
  service: { key: string; secret: string }
  oauth: { client_id: string; client_secret: string }
  accounts: { email: string; password: string; described_as: string }[]
}

interface BridgeReady {
  listening: string
}

const children: Running<unknown>[] = []
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))

try {
  if (existsSync(join(ROOT, '.env'))) process.loadEnvFile(join(ROOT, '.env'))
  await (process.env.STEWARD_SITE_URL ? startForSite() : startWithSandbox())
} catch (error) {
  if (!stopping) console.error(error instanceof Error ? error.message : error)
  await stop(1)
}

async function startForSite(): Promise<void> {
  await buildPages(ROOT)
  const bridge = await run<BridgeReady>('bridge', BRIDGE, {})
  console.log(`Steward's bridge for ${process.env.STEWARD_SITE_URL} listens on ${bridge.listening}`)
  console.log('Check the whole connection with: npm run doctor')
}

async function startWithSandbox(): Promise<void> {
  const bridgePort = Number(process.env.STEWARD_PORT || 8700)
  const sandboxPort = Number(process.env.STEWARD_SANDBOX_PORT || 8701)
  await requireFreePort(bridgePort, 'STEWARD_PORT')
  await requireFreePort(sandboxPort, 'STEWARD_SANDBOX_PORT')
  const [sandbox] = await Promise.all([
    run<SandboxReady>('sandbox', SANDBOX, sandboxSettings(bridgePort, sandboxPort), SPARING),
    buildPages(ROOT),
  ])
  await run<BridgeReady>('bridge', BRIDGE, {
    STEWARD_PORT: `${bridgePort}`,
    STEWARD_DATA_DIR: join(STATE, 'bridge'),
    STEWARD_LOG_LEVEL: process.env.STEWARD_LOG_LEVEL ?? 'warn',
    STEWARD_SITE_URL: sandbox.listening,
    STEWARD_SITE_NAME: sandbox.site_name,
    STEWARD_SERVICE_KEY: sandbox.service.key,
    STEWARD_SERVICE_SECRET: sandbox.service.secret,
    STEWARD_OAUTH_CLIENT_ID: sandbox.oauth.client_id,
    STEWARD_OAUTH_CLIENT_SECRET: sandbox.oauth.client_secret,
    STEWARD_ALLOWED_ORIGINS: `http://localhost:${sandboxPort}`,
  })
  welcome(sandbox)
}

function sandboxSettings(bridgePort: number, sandboxPort: number): Record<string, string> {
  return {
    STEWARD_SANDBOX_PORT: `${sandboxPort}`,
    STEWARD_SANDBOX_DATA_DIR: STATE,
    STEWARD_SANDBOX_BRIDGE_URL: `http://127.0.0.1:${bridgePort}`,
    STEWARD_SANDBOX_PAGES: join(ROOT, 'desk-ui/dist'),
  }
}

/** Starts a part; when it ends by itself, everything ends. */
async function run<T>(
  name: string,
  file: string,
  environment: Record<string, string>,
  flags: string[] = [],
): Promise<T> {
  const child = startProcess<T>(name, file, environment, flags)
  children.push(child)
  void child.ended.then((code) => {
    if (stopping) return
    console.error(`The ${name} has ended by itself (${code ?? 'killed'}).`)
    void stop(1)
  })
  return child.ready
}

function welcome(sandbox: SandboxReady): void {
  const width = Math.max(...sandbox.accounts.map((account) => account.email.length))
  console.log(
    `\nSteward is ready, on a sandbox site with sample data: ${sandbox.listening}/steward\n`,
  )
  console.log('Sign in as')
  for (const { email, password, described_as } of sandbox.accounts)
    console.log(`  ${email.padEnd(width)}  ${password}   ${described_as}`)
  console.log('\nTry: "unpaid invoices over 500", "which customers owe us most",')
  console.log('     "quotation for 5 <item> to <customer>, 10 % off". Ctrl+C stops.')
}

async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  await stopAll(children)
  process.exit(code)
}
