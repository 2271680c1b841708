import { execFile, execFileSync } from 'node:child_process'
import { chown, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort, startServer } from './server-process.ts'

export interface PostgresServer {
  /** The cluster's superuser, over loopback. */
  adminUrl: string
  stop(): Promise<void>
}

const run = promisify(execFile)
const DEBIAN_FOLDER = '/usr/lib/postgresql'

/** An own cluster in a temporary folder; PostgreSQL refuses root, so root hands it to `postgres`. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = await binaries()
  const owner = process.getuid?.() === 0 ? systemUser('postgres') : null
  const folder = await mkdtemp('/tmp/steward-pg-')
  if (owner) await chown(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' }, ...owner }
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  await run(join(bin, 'initdb'), initialise, options)
  const port = await freePort()
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`
  const server = await startServer(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, '-p', `${port}`, '-h', '127.0.0.1', '-c', 'fsync=off'],
    () => runSql(adminUrl, ['select 1']),
    options,
  )
  return {
    adminUrl,
    stop: async () => {
      // Fast shutdown: open sessions are ended.
      await server.stop('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The newest Debian packaging of PostgreSQL, else what is on PATH. */
async function binaries(): Promise<string> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => [])
  const newest = versions.map(Number).sort((a, b) => b - a)[0]
  if (newest) return join(DEBIAN_FOLDER, String(newest), 'bin')
  const initdb = execFileSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).trim()
  await stat(initdb)
  return initdb.slice(0, -'/initdb'.length)
}

function systemUser(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export async function runSql(url: string, statements: string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const results = []
    for (const statement of statements) results.push(await client.query(statement))
    return results
  } finally {
    await client.end()
  }
}
