import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** One part of Steward as a child process. */
export interface Running<T> {
  pid: number
  /** What it says when it is ready; rejects when it ends before. */
  ready: Promise<T>
  /** Its exit code; null when it was killed. */
  ended: Promise<number | null>
  stop(): Promise<void>
}

/**
 * glibc keeps freed memory of each thread for itself, and what lies between pieces in use, which
 * after compiling WebAssembly is a lot; pieces from 16 KiB on are given back one by one.
 */
const SMALL_HEAP = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '16384',
}
/** Semi-spaces of 2 MiB for young objects instead of 16: less at rest for little more work. */
const SMALL_NURSERY = ['--max-semi-space-size=2']
/** Code without its types is kept: from the second start on, what takes them out is not loaded. */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/steward')
/** For the sandbox site, which holds little and need not be fast. */
export const SPARING = ['--optimize-for-size']
/** Longest a part may take until it is ready; on a slow disk the first start takes its time. */
const READY_WITHIN_MS = 120_000
/** Longest a part may take to stop before it is killed. */
const GRACE_MS = 30_000

/** Runs `file` with this process's environment and `environment` on top, and Node with `flags`. */
export function startProcess<T>(
  name: string,
  file: string,
  environment: Record<string, string>,
  flags: string[] = [],
): Running<T> {
  const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...SMALL_HEAP, ...process.env, ...environment }
  const execArgv = [...process.execArgv, ...SMALL_NURSERY, ...flags]
  const child = fork(file, [], { env, execArgv })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const ready = new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    void ended.then(() => reject(new Error(`The ${name} could not be started.`)))
    const late = () => reject(new Error(`The ${name} is not ready after two minutes.`))
    setTimeout(late, READY_WITHIN_MS).unref()
  })
  // Whoever waits gets the reason; nobody has to.
  ready.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** The last started first: the bridge before the site that it talks to. */
export async function stopAll(children: Running<unknown>[]): Promise<void> {
  for (const child of [...children].reverse()) await child.stop()
}

export async function requireFreePort(port: number, variable: string): Promise<void> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch {
    throw new Error(
      `Port ${port} is taken, perhaps by another Steward. Stop that, or choose another: ${variable}=${port + 100} npm start`,
    )
  }
  await once(probe.close(), 'close')
}
