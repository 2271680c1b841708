import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

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

/** A server by its process, for what it uses and for stopping it. */
export function serverOf(child: ChildProcess, url: string, token: string): BenchServer {
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
