import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** A server started for the tests, with what it has said so far, for error messages. */
export interface ServerProcess {
  stop(signal?: NodeJS.Signals): Promise<void>
}

const READY_WITHIN_MS = 30_000
const POLL_MS = 50

/** Starts `command` and resolves once `ready` does; an early exit rejects with the server's words. */
export async function startServer(
  command: string,
  args: string[],
  ready: () => Promise<unknown>,
  options: SpawnOptions = {},
): Promise<ServerProcess> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  const spawnError = once(child, 'error').then(([error]) => Promise.reject(error as Error))
  await Promise.race([untilReady(child, ready, () => said), spawnError])
  return { stop: (signal = 'SIGTERM') => stopProcess(child, signal) }
}

async function untilReady(
  child: ChildProcess,
  ready: () => Promise<unknown>,
  said: () => string,
): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnfile} ended with ${child.exitCode}:\n${said()}`)
    try {
      await ready()
      return
    } catch (error) {
      if (performance.now() > until)
        throw new Error(`${child.spawnfile} does not answer:\n${said()}`, { cause: error })
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
