import { z } from 'zod'

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
const count = z.coerce.number().int().positive()
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

/**
 * Every environment variable of the bridge. The descriptions are what `docs/configuration.md`
 * shows; a test holds the two together.
 */
export const environmentSchema = z.object({
  STEWARD_HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  STEWARD_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(8700)
    .describe('Port to listen on; 0 picks a free one.'),
  STEWARD_PUBLIC_URL: z
    .url()
    .optional()
    .describe('Address browsers reach the bridge at. Default: http://HOST:PORT.'),
  STEWARD_DATA_DIR: z
    .string()
    .default('.steward')
    .describe('Folder of the embedded database and of generated keys.'),
  STEWARD_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Lowest level that is logged.'),
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL server. Unset: an embedded PostgreSQL in STEWARD_DATA_DIR.'),
  DATABASE_MIGRATION_URL: z
    .string()
    .optional()
    .describe('Connection that owns the tables, for migrations. Unset: DATABASE_URL.'),
  REDIS_URL: z
    .string()
    .optional()
    .describe(
      'Redis for jobs, cache, limits and live events over several replicas. Unset: in-process, jobs in PostgreSQL.',
    ),
  STEWARD_SITE_URL: z.url().optional().describe('Address of the ERPNext site.'),
  STEWARD_SITE_PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'Address browsers reach the ERPNext site at, for signing in and for links, when it is not STEWARD_SITE_URL.',
    ),
  STEWARD_SITE_NAME: z
    .string()
    .optional()
    .describe(
      "The site's name, sent as X-Frappe-Site-Name. Unset: the host of STEWARD_SITE_URL decides.",
    ),
  STEWARD_SERVICE_KEY: z
    .string()
    .optional()
    .describe('API key of the service user (role Steward Bridge).'),
  STEWARD_SERVICE_SECRET: z.string().optional().describe('API secret of the service user.'),
  STEWARD_OAUTH_CLIENT_ID: z
    .string()
    .optional()
    .describe("Id of Steward's OAuth Client on the site."),
  STEWARD_OAUTH_CLIENT_SECRET: z
    .string()
    .optional()
    .describe("Secret of Steward's OAuth Client on the site."),
  STEWARD_SITE_CONCURRENCY: count
    .default(8)
    .describe('Most calls to ERPNext at once; about its worker count.'),
  STEWARD_SITE_TIMEOUT_MS: count
    .default(30_000)
    .describe('Longest wait for one answer of ERPNext, in milliseconds.'),
  STEWARD_ALLOWED_ORIGINS: list
    .default([])
    .describe(
      'Origins whose pages may call the bridge, comma-separated; the site itself is always one.',
    ),
  STEWARD_ENCRYPTION_KEYS: z
    .string()
    .optional()
    .describe(
      'Keys that seal ERPNext tokens at rest: `id:base64(32 bytes)`, comma-separated, newest first. Unset: made once in STEWARD_DATA_DIR.',
    ),
  STEWARD_SIGNING_KEY: z
    .string()
    .optional()
    .describe(
      'PKCS #8 PEM of the Ed25519 key that signs sessions. Unset: made once in STEWARD_DATA_DIR.',
    ),
  STEWARD_ALLOW_PRIVATE_ENDPOINTS: flag
    .default(false)
    .describe(
      'Let model endpoints be private, loopback or link-local addresses (Ollama on the same host).',
    ),
  STEWARD_REQUEST_DEADLINE_MS: count
    .default(120_000)
    .describe('Longest a request may take in all, in milliseconds.'),
  STEWARD_RATE_LIMIT_PER_MINUTE: count
    .default(300)
    .describe('Calls one person may make in a minute.'),
  STEWARD_MONTHLY_REQUESTS: count
    .default(5_000)
    .describe('Requests a team may make in a month, when no Steward Plan says so.'),
  STEWARD_MONTHLY_BUDGET_USD: z.coerce
    .number()
    .nonnegative()
    .default(50)
    .describe('Money a team may spend on models in a month, when no Steward Plan says so.'),
  OPENAI_API_KEY: z.string().optional().describe('Key of OpenAI.'),
  ANTHROPIC_API_KEY: z.string().optional().describe('Key of Anthropic.'),
  XAI_API_KEY: z.string().optional().describe('Key of xAI.'),
  STEWARD_OPENAI_COMPATIBLE_URL: z
    .url()
    .optional()
    .describe('Base URL of an OpenAI-compatible server (Ollama, vLLM, OpenRouter ...).'),
  STEWARD_OPENAI_COMPATIBLE_KEY: z
    .string()
    .optional()
    .describe('Key of that server, if it wants one.'),
  STEWARD_SMALL_MODELS: list
    .default([])
    .describe('Models of the small tier as `provider/model`, in order, comma-separated.'),
  STEWARD_LARGE_MODELS: list
    .default([])
    .describe('Models of the large tier as `provider/model`, in order, comma-separated.'),
  STEWARD_UNKNOWN_PRICE_CEILING_USD: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe(
      'Dollars per million tokens to assume for a model without a known price. Unset: such a model is refused.',
    ),
  STEWARD_FREE_MODELS: list
    .default([])
    .describe(
      'Models that cost nothing, as `provider/model` (your own hardware), comma-separated.',
    ),
})

export type Environment = z.infer<typeof environmentSchema>

/** Names of the variables that hold secrets: never logged, never shown. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_MIGRATION_URL',
  'REDIS_URL',
  'STEWARD_SERVICE_SECRET',
  'STEWARD_OAUTH_CLIENT_SECRET',
  'STEWARD_ENCRYPTION_KEYS',
  'STEWARD_SIGNING_KEY',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'XAI_API_KEY',
  'STEWARD_OPENAI_COMPATIBLE_KEY',
] as const
