import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const READY_WITHIN_MS = 60_000

/** One bridge as operators run it: a process of its own, which a test may kill. */
export interface BridgeProcess {
  url: string
  /** SIGKILL: no handler of the process runs. */
  kill(): Promise<void>
  /** SIGTERM, as an orchestrator sends it. */
  stop(): Promise<void>
}

/** Starts the bridge's real entry; resolves once it listens and rejects with what it said otherwise. */
export async function startBridgeProcess(
  environment: Record<string, string>,
): Promise<BridgeProcess> {
  const child = fork(MAIN, [], {
    env: { PATH: process.env.PATH, STEWARD_PORT: '0', STEWARD_LOG_LEVEL: 'warn', ...environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000)
      if (process.env.STEWARD_TEST_LOG) process.stderr.write(chunk)
    })
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS)
  const failed = ended.then(() => {
    throw new Error(`The bridge ended before it listened:\n${said}`)
  })
  failed.catch(() => undefined)
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [
    { listening: string },
  ]
  clearTimeout(timer)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await ended
  }
  return { url: message.listening, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
