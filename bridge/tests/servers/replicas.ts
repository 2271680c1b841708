import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { connectBridge } from '../../sandbox/bridge-connection.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import { signIn, type BridgeSession } from '../support/people.ts'
import { BridgeCaller } from '../support/bridge-caller.ts'
import { siteEnvironment, startTestSandbox } from '../support/start-test-bridge.ts'
import { startBridgeProcess, type BridgeProcess } from '../support/bridge-process.ts'
import { freshDatabase } from './fresh-database.ts'
import { runSql } from './postgres-server.ts'

/** Bridges on one PostgreSQL, one Redis (unless it is left out) and one site. */
export interface Replicas {
  sandbox: Sandbox
  /** What every replica is started with. */
  environment: Record<string, string>
  /** One more replica; the first is the one the site knows. */
  start(changes?: Record<string, string>): Promise<BridgeProcess>
  /** Statements as the owner of the tables, behind the bridges' backs. */
  sql<Row>(statement: string): Promise<Row[]>
  /** Locks rows until the answer is called, which first ends whoever waits for them: it died. */
  lock(statement: string): Promise<() => Promise<void>>
  /** Locks rows until the answer is called; whoever waits for them goes on then. */
  hold(statement: string): Promise<() => Promise<void>>
  stop(): Promise<void>
}

export async function prepareReplicas(
  environment: Record<string, string> = {},
  redisUrl: string = inject('redisUrl'),
): Promise<Replicas> {
  const sandbox = await startTestSandbox()
  const folder = await mkdtemp(join(tmpdir(), 'steward-replicas-'))
  const database = await freshDatabase(inject('postgresAdminUrl'))
  const started: BridgeProcess[] = []
  const shared = {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.migrationUrl,
    REDIS_URL: redisUrl,
    STEWARD_DATA_DIR: folder,
    STEWARD_RATE_LIMIT_PER_MINUTE: '100000',
    ...keys(),
    ...siteEnvironment(sandbox),
    ...environment,
  }
  return {
    sandbox,
    environment: shared,
    start: async (changes = {}) => {
      const bridge = await startBridgeProcess({ ...shared, ...changes })
      if (started.length === 0) connectBridge(sandbox, bridge.url)
      started.push(bridge)
      return bridge
    },
    sql: async <Row>(statement: string) => {
      const [result] = await runSql(superuserOf(database.url), [statement])
      return (result?.rows ?? []) as Row[]
    },
    lock: (statement) => lockRows(superuserOf(database.url), statement, true),
    hold: (statement) => lockRows(superuserOf(database.url), statement, false),
    stop: async () => {
      await Promise.all(started.map((bridge) => bridge.kill()))
      await sandbox.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function lockRows(
  url: string,
  statement: string,
  endsWaiting: boolean,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  await client.query(statement)
  return async () => {
    if (!endsWaiting) await client.query('commit')
    else
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))`,
      )
    await client.end()
  }
}

/** Signs in once and calls any replica with that one session. */
export async function signInAt(
  bridge: BridgeProcess,
  sandbox: Sandbox,
  person: { user: string; password: string },
): Promise<ReplicaSession> {
  const session = await signIn({ url: bridge.url, sandbox }, person.user, person.password)
  return { ...session, on: (replica) => new BridgeCaller(replica.url, session.access_token) }
}

export interface ReplicaSession extends BridgeSession {
  on(replica: BridgeProcess): BridgeCaller
}

/** Replicas share their keys; a single bridge makes its own. */
function keys(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    STEWARD_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    STEWARD_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function superuserOf(url: string): string {
  const admin = new URL(inject('postgresAdminUrl'))
  admin.pathname = new URL(url).pathname
  return admin.href
}
