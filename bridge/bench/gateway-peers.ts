import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serverOf, type BenchServer } from './gateway-servers.ts'

const run = promisify(execFile)

const PORTKEY = '1.15.2'
/** With newer ones (seen from 1.17 on) this release answers every streamed call with status 500. */
const PORTKEY_HONO_SERVER = '1.14.1'
const LITELLM = '1.106.2'
const LITELLM_SETTINGS = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' }
const INSTALL_MS = 600_000
const START_MS = 90_000

/** Portkey's gateway, installed outside the repository; null, with the reason printed, without it. */
export function startPortkey(): Promise<BenchServer | null> {
  return orLeftOut('Portkey', async () => {
    const folder = join(tmpdir(), `steward-bench-portkey-${PORTKEY}-${PORTKEY_HONO_SERVER}`)
    const entry = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
    if (!existsSync(entry)) await installPortkey(folder)
    const port = await freePort()
    const child = spawn(process.execPath, [entry, `--port=${port}`, '--headless'], {
      stdio: 'ignore',
    })
    return started(child, `http://127.0.0.1:${port}`, '/')
  })
}

async function installPortkey(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const manifest = {
    dependencies: { '@portkey-ai/gateway': PORTKEY },
    overrides: { '@hono/node-server': PORTKEY_HONO_SERVER },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, timeout: INSTALL_MS })
}

/** LiteLLM's proxy with one worker, in a virtual environment outside the repository. */
export function startLiteLlm(upstreamUrl: string): Promise<BenchServer | null> {
  return orLeftOut('LiteLLM', async () => {
    const folder = join(tmpdir(), `steward-bench-litellm-${LITELLM}`)
    const entry = join(folder, 'bin', 'litellm')
    if (!existsSync(entry)) await installLiteLlm(folder)
    const config = join(folder, 'config.yaml')
    await writeFile(config, liteLlmConfig(upstreamUrl))
    const port = await freePort()
    // It refuses to start without a key that is hard to guess.
    const key = `sk-${randomBytes(32).toString('hex')}`
    const flags = ['--config', config, '--host', '127.0.0.1', '--port', String(port)]
    const child = spawn(entry, [...flags, '--num_workers', '1', '--telemetry', 'False'], {
      stdio: 'ignore',
      env: { ...process.env, ...LITELLM_SETTINGS, LITELLM_MASTER_KEY: key },
    })
    return started(child, `http://127.0.0.1:${port}`, '/health/liveliness', key)
  })
}

async function installLiteLlm(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS })
  const wanted = `litellm[proxy]==${LITELLM}`
  await run(join(folder, 'bin', 'pip'), ['install', '--quiet', wanted], { timeout: INSTALL_MS })
}

function liteLlmConfig(upstreamUrl: string): string {
  return JSON.stringify({
    model_list: [
      {
        model_name: 'steward-small',
        litellm_params: { model: 'openai/mock-1', api_base: upstreamUrl, api_key: 'sk-mock' },
      },
    ],
  })
}

async function orLeftOut(
  name: string,
  start: () => Promise<BenchServer>,
): Promise<BenchServer | null> {
  try {
    return await start()
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    console.log(`${name}: not measured (${reason})`)
    return null
  }
}

async function started(
  child: ChildProcess,
  url: string,
  path: string,
  token = '',
): Promise<BenchServer> {
  const server = serverOf(child, `${url}/v1`, token)
  const until = performance.now() + START_MS
  while (child.exitCode === null && performance.now() < until) {
    const ok = await fetch(url + path).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return server
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  server.stop()
  throw new Error('it did not start')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
