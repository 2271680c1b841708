import { z } from 'zod'
import { StewardError } from '../shared/errors.ts'
import { environmentSchema, type Environment } from './environment.ts'

export interface SiteConfig {
  /** The site's id in every row: its Frappe name, or the host of its address. */
  id: string
  /** Where the bridge reaches it. */
  url: string
  /** Where browsers reach it. */
  publicUrl: string
  name: string | null
  concurrency: number
  timeoutMs: number
  service: { key: string; secret: string } | null
  oauth: { clientId: string; clientSecret: string } | null
}

export interface Config {
  host: string
  port: number
  publicUrl: string | null
  dataFolder: string
  logLevel: string
  databaseUrl: string | null
  databaseMigrationUrl: string | null
  redisUrl: string | null
  site: SiteConfig
  allowedOrigins: string[]
  requestDeadlineMs: number
  rateLimitPerMinute: number
  environment: Environment
}

/** Environment to configuration; throws `misconfigured` naming every variable that is wrong. */
export function loadConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) throw new StewardError('misconfigured', z.prettifyError(parsed.error))
  const env = parsed.data
  return {
    host: env.STEWARD_HOST,
    port: env.STEWARD_PORT,
    publicUrl: env.STEWARD_PUBLIC_URL ? trimmed(env.STEWARD_PUBLIC_URL) : null,
    dataFolder: env.STEWARD_DATA_DIR,
    logLevel: env.STEWARD_LOG_LEVEL,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseMigrationUrl: env.DATABASE_MIGRATION_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    site: siteConfig(env),
    allowedOrigins: env.STEWARD_ALLOWED_ORIGINS,
    requestDeadlineMs: env.STEWARD_REQUEST_DEADLINE_MS,
    rateLimitPerMinute: env.STEWARD_RATE_LIMIT_PER_MINUTE,
    environment: env,
  }
}

function siteConfig(env: Environment): SiteConfig {
  if (!env.STEWARD_SITE_URL) {
    throw new StewardError(
      'misconfigured',
      'STEWARD_SITE_URL is missing: the address of the ERPNext site. `npm start` without a configuration uses the sandbox.',
    )
  }
  return {
    id: env.STEWARD_SITE_NAME ?? new URL(env.STEWARD_SITE_URL).host,
    url: trimmed(env.STEWARD_SITE_URL),
    publicUrl: trimmed(env.STEWARD_SITE_PUBLIC_URL ?? env.STEWARD_SITE_URL),
    name: env.STEWARD_SITE_NAME ?? null,
    concurrency: env.STEWARD_SITE_CONCURRENCY,
    timeoutMs: env.STEWARD_SITE_TIMEOUT_MS,
    service: pair(env.STEWARD_SERVICE_KEY, env.STEWARD_SERVICE_SECRET, (key, secret) => ({
      key,
      secret,
    })),
    oauth: pair(
      env.STEWARD_OAUTH_CLIENT_ID,
      env.STEWARD_OAUTH_CLIENT_SECRET,
      (clientId, clientSecret) => ({ clientId, clientSecret }),
    ),
  }
}

function pair<T>(
  first: string | undefined,
  second: string | undefined,
  make: (a: string, b: string) => T,
): T | null {
  return first && second ? make(first, second) : null
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
