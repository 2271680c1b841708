import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface BenchServer {
  /** Base URL that ends in `/v1`. */
  url: string
  token: string
  usage(): Promise<{ cpu_ms: number; rss_mb: number }>
  stop(): void
}

/** Starts one of our own bench servers as a process and waits for the address it prints. */
export async function startServer(role: string, env: Record<string, string>): Promise<BenchServer> {
  const script = join(import.meta.dirname, 'gateway-server.ts')
  const child = spawn(process.execPath, [script, role], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()))
    child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)))
  })
  const { url, token } = JSON.parse(line) as { url: string; token: string }
  return serverOf(child, url, token)
}

const PORTKEY = '@portkey-ai/gateway@1.15.2'

/** Portkey's gateway, installed outside the repository; null, with the reason printed, without it. */
export async function startPortkey(): Promise<BenchServer | null> {
  const folder = join(tmpdir(), 'steward-bench-portkey')
  const entry = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js')
  try {
    if (!existsSync(entry)) {
      await mkdir(folder, { recursive: true })
      const install = ['install', '--no-audit', '--no-fund', '--prefix', folder, PORTKEY]
      await run('npm', install, { cwd: folder, timeout: 180_000 })
    }
    const port = await freePort()
    const child = spawn(process.execPath, [entry, `--port=${port}`, '--headless'], {
      stdio: 'ignore',
    })
    const url = `http://127.0.0.1:${port}`
    await answers(url, child)
    return serverOf(child, `${url}/v1`, '')
  } catch (error) {
    console.log(
      `Portkey is left out: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    )
    return null
  }
}

function serverOf(child: ChildProcess, url: string, token: string): BenchServer {
  return {
    url,
    token,
    usage: () => processUsage(child.pid as number),
    stop: () => child.kill('SIGTERM'),
  }
}

/** CPU time and memory of a process, from Linux's /proc (100 ticks a second). */
async function processUsage(pid: number): Promise<{ cpu_ms: number; rss_mb: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const pages = Number(fields[21])
  return {
    cpu_ms: (Number(fields[11]) + Number(fields[12])) * 10,
    rss_mb: Math.round((pages * 4096) / 1e6),
  }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    if (child.exitCode !== null) break
    const ok = await fetch(url).then(
      () => true,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
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
