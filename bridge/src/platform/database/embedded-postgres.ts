import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { StewardError } from '../../shared/errors.ts'
import { ensureCluster, openCluster, temporaryCluster } from './cluster.ts'
import { wholeExchanges } from './whole-exchanges.ts'

export interface EmbeddedPostgres {
  /** Folder of the unix socket: `host` for pg. */
  host: string
  port: number
  close(): Promise<void>
}

const PORT = 5432

/**
 * PGlite behind its socket server on a unix socket in a folder only this user may enter, so that
 * the same `pg` code serves the embedded database and a server. One process at a time: the folder
 * carries a lock with the owner's process id. A temporary one is copied from a template.
 */
export async function startEmbeddedPostgres(options: {
  folder: string
  socketFolder: string
  temporary: boolean
}): Promise<EmbeddedPostgres> {
  await mkdir(options.socketFolder, { recursive: true, mode: 0o700 })
  await chmod(options.socketFolder, 0o700)
  const lock = join(options.socketFolder, 'steward.lock')
  await takeLock(lock)
  await (options.temporary ? temporaryCluster(options.folder) : ensureCluster(options.folder))
  const db = await openCluster(options.folder)
  const path = join(options.socketFolder, `.s.PGSQL.${PORT}`)
  // A process that was killed leaves its socket behind; the lock says that nobody listens on it.
  await rm(path, { force: true })
  const server = new PGLiteSocketServer({
    db: wholeExchanges(db),
    path,
    maxConnections: 100,
  })
  await server.start()
  return {
    host: options.socketFolder,
    port: PORT,
    close: async () => {
      await server.stop()
      await db.close()
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
