import { loadSecrets, type Config } from '../../bridge/src/config/index.ts'
import { inspectRedis } from '../../bridge/src/platform/cache/index.ts'
import { createSealer } from '../../bridge/src/platform/crypto/index.ts'
import { inspectServer, type ServerInspection } from '../../bridge/src/platform/database/index.ts'
import { found, LOOPBACK, mend, note, ok, type Finding } from './finding.ts'

const OLDEST_POSTGRES = 13

/** What the bridge stands on, and the bridge itself when it runs. */
export async function checkBridge(config: Config): Promise<Finding[]> {
  return [
    await checkKeys(config),
    await checkDatabase(config),
    await checkRedis(config),
    publicAddress(config),
    ...(await checkRunning(config)),
  ]
}

async function checkKeys(config: Config): Promise<Finding> {
  const look = async () => {
    const secrets = await loadSecrets(config)
    const sealer = createSealer(secrets.sealingKeys)
    if (sealer.open(sealer.seal('probe', 'doctor'), 'doctor') !== 'probe')
      return mend('keys', 'what is sealed does not open again.')
    const kept = config.environment.STEWARD_ENCRYPTION_KEYS ? 'the environment' : config.dataFolder
    const several = config.databaseUrl && !config.environment.STEWARD_ENCRYPTION_KEYS
    const detail = `${secrets.sealingKeys.length} sealing key(s) and a signing key from ${kept}`
    return several
      ? note('keys', `${detail}; several replicas need STEWARD_ENCRYPTION_KEYS and _SIGNING_KEY`)
      : ok('keys', detail)
  }
  return found('keys', look, 'Check STEWARD_ENCRYPTION_KEYS, STEWARD_SIGNING_KEY and the folder.')
}

async function checkDatabase(config: Config): Promise<Finding> {
  const { databaseUrl, databaseMigrationUrl, dataFolder } = config
  if (!databaseUrl) return ok('database', `embedded, in ${dataFolder}: one process at a time`)
  const look = async () => {
    const server = await inspectServer(databaseUrl)
    if (databaseMigrationUrl) await inspectServer(databaseMigrationUrl)
    return serverFinding(server, databaseMigrationUrl !== null, config.redisUrl !== null)
  }
  return found('database', look, 'Check DATABASE_URL and DATABASE_MIGRATION_URL.')
}

function serverFinding(server: ServerInspection, ownMigrations: boolean, redis: boolean): Finding {
  const what = `PostgreSQL ${server.version}`
  if (server.version < OLDEST_POSTGRES)
    return mend('database', `${what} is too old; ${OLDEST_POSTGRES} is the oldest that works.`)
  if (server.superuser || server.bypassesRowSecurity)
    return mend(
      'database',
      `${what}: the login of DATABASE_URL is a superuser or bypasses row security. Use a plain login, and DATABASE_MIGRATION_URL for its owner.`,
    )
  if (!server.mayKeepJobs)
    return mend('database', `${what}: grant create on the database to the login of DATABASE_URL.`)
  if (server.use === (redis ? 'alone' : 'shared'))
    return mend(
      'database',
      `${what}: a bridge ${redis ? 'without' : 'with'} REDIS_URL uses it now. Give all of them the same REDIS_URL.`,
    )
  return ownMigrations && server.ownedTables === 0
    ? ok('database', `${what}, with a login that owns none of its tables`)
    : note('database', `${what}; DATABASE_URL owns the tables, better set DATABASE_MIGRATION_URL`)
}

async function checkRedis(config: Config): Promise<Finding> {
  const { redisUrl } = config
  if (!redisUrl && config.databaseUrl)
    return note('Redis', 'none: one process only, more of them need REDIS_URL')
  if (!redisUrl) return ok('Redis', 'none: jobs in PostgreSQL, the rest in this one process')
  const look = async () => {
    const redis = await inspectRedis(redisUrl)
    return redis.evictionPolicy === 'noeviction'
      ? ok('Redis', redis.version)
      : mend('Redis', `maxmemory-policy is ${redis.evictionPolicy}; jobs need noeviction.`)
  }
  return found('Redis', look, 'Check REDIS_URL and that Redis runs.')
}

function publicAddress(config: Config): Finding {
  const site = new URL(config.site.publicUrl)
  const origins = [site.origin, ...config.allowedOrigins]
  const plain = config.publicUrl?.startsWith('http:') && !LOOPBACK.test(config.publicUrl.slice(7))
  if (plain)
    return mend('origins', `${config.publicUrl} is not https. People's tokens travel over it.`)
  const wrong = config.allowedOrigins.filter((origin) => originOf(origin) !== origin)
  if (wrong.length > 0)
    return mend('origins', `${wrong.join(', ')}: an origin is scheme, host and port only.`)
  return ok('origins', `pages of ${origins.join(', ')} may call the bridge`)
}

function originOf(text: string): string | null {
  return URL.parse(text)?.origin ?? null
}

async function checkRunning(config: Config): Promise<Finding[]> {
  const url = config.publicUrl ?? `http://${config.host}:${config.port}`
  const origin = new URL(config.site.publicUrl).origin
  let response: Response
  try {
    response = await fetch(`${url}/readyz`, {
      headers: { origin },
      signal: AbortSignal.timeout(5_000),
    })
  } catch {
    return [note('bridge', `nothing answers at ${url}; start it with npm start`)]
  }
  const body = (await response.json().catch(() => null)) as { reasons?: string[] } | null
  if (!body?.reasons) return [mend('bridge', `something else than the bridge answers at ${url}.`)]
  if (!response.ok) return [mend('bridge', `not ready: ${body.reasons.join(', ')}.`)]
  if (response.headers.get('access-control-allow-origin') !== origin)
    return [mend('bridge', `it runs, but does not let pages of ${origin} in. Restart it.`)]
  return [ok('bridge', `ready at ${url}, open to pages of ${origin}`)]
}
