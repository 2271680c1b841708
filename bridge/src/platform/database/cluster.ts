import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'

const run = promisify(execFile)
/**
 * All connections share one session here, so BullMQ's own search path has no effect: its schema
 * comes after ours for everybody. No table of ours may be named as one of BullMQ's.
 */
const SEARCH_PATH = 'public,bullmq'
const START_PARAMETERS = [
  ...['-c', 'shared_buffers=16MB', '-c', 'wal_buffers=1MB'],
  ...['-c', `search_path=${SEARCH_PATH}`],
]
const TEMPLATE_VERSION = 'pglite-0.5.16'

/** Opens the cluster in `folder`, tuned for a small footprint: about 150 MB instead of 350. */
export function openCluster(folder: string): Promise<PGlite> {
  return PGlite.create({
    dataDir: folder,
    startParams: [...PGlite.defaultStartParams, ...START_PARAMETERS],
  })
}

/**
 * Makes the cluster of `folder` unless it is there. It is made by a child process, because making
 * one leaves some 300 MB of WebAssembly memory behind that a process never gives back.
 */
export async function ensureCluster(folder: string): Promise<void> {
  if (await exists(join(folder, 'PG_VERSION'))) return
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(`${folder}-new-`)
  await run(process.execPath, [import.meta.filename, fresh])
  await rename(fresh, folder).catch((error: unknown) => keepWinner(error, fresh))
}

/** A throw-away cluster, copied from one that is made once for each user of this machine. */
export async function temporaryCluster(folder: string): Promise<void> {
  const template = join(tmpdir(), `steward-cluster-${userInfo().uid}`, TEMPLATE_VERSION)
  await ensureCluster(template)
  await cp(template, folder, { recursive: true })
}

async function keepWinner(error: unknown, loser: string): Promise<void> {
  const code = (error as NodeJS.ErrnoException).code
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  await rm(loser, { recursive: true, force: true })
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

if (import.meta.main) {
  const folder = process.argv[2]
  if (!folder) throw new Error('Usage: cluster.ts FOLDER')
  const db = await openCluster(folder)
  await db.close()
}
