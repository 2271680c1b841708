import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { StewardError } from '../../shared/errors.ts'
import { ensureCluster, temporaryCluster } from './cluster.ts'
import { EmbeddedLink } from './embedded-link.ts'
import { EmbeddedThread } from './embedded-thread.ts'

export interface EmbeddedPostgres {
  /** A new link to it, for pg's `stream` option. */
  link(): Duplex
  close(): Promise<void>
}

/**
 * PGlite in a thread of this process, reached by the same `pg` code as a server. One process at a time: the
 * folder carries a lock with the owner's process id. A temporary one is copied from a template.
 */
export async function startEmbeddedPostgres(options: {
  folder: string
  temporary: boolean
}): Promise<EmbeddedPostgres> {
  const cluster = join(options.folder, 'postgres')
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const lock = join(options.folder, 'steward.lock')
  await takeLock(lock)
  await (options.temporary ? temporaryCluster(cluster) : ensureCluster(cluster))
  const thread = await EmbeddedThread.start(cluster)
  return {
    link: () => new EmbeddedLink(thread),
    close: async () => {
      await thread.close()
      await rm(lock, { force: true })
    },
  }
}

async function takeLock(path: string): Promise<void> {
  const owner = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10)
  if (owner && owner !== process.pid && isAlive(owner)) {
    throw new StewardError(
      'misconfigured',
      `Another process (${owner}) already uses this data folder. Stop it, or set DATABASE_URL to share a PostgreSQL server.`,
    )
  }
  const file = await open(path, 'w', 0o600)
  await file.writeFile(String(process.pid))
  await file.close()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
