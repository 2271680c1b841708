import type { ProviderConnection } from '../../platform/models/index.ts'
import type { SiteSettings } from '../../shared/site-protocol.ts'

/** A provider with the models its tiers use, in order of preference. */
export interface GatewayProvider {
  connection: ProviderConnection
  small_models: string[]
  large_models: string[]
  /** Lower comes first; equal ones compete by price and speed. */
  priority: number
  /** Doctypes and `DocType.field` that may not leave for this provider. */
  withheld?: string[]
}

/** The providers of a site, newest settings first; short-lived caching is the port's matter. */
export type ProviderSource = (site_id: string) => Promise<GatewayProvider[]>

/** The environment's variables that name providers. */
export interface ProviderEnvironment {
  OPENAI_API_KEY?: string | undefined
  ANTHROPIC_API_KEY?: string | undefined
  XAI_API_KEY?: string | undefined
  STEWARD_OPENAI_COMPATIBLE_URL?: string | undefined
  STEWARD_OPENAI_COMPATIBLE_KEY?: string | undefined
  /** `provider/model`, in order. */
  STEWARD_SMALL_MODELS: string[]
  STEWARD_LARGE_MODELS: string[]
  STEWARD_FREE_MODELS: string[]
}

/** Models used when a key is given and nothing else is said. */
const DEFAULTS: Record<string, { small: string[]; large: string[] }> = {
  openai: { small: ['gpt-6-luna'], large: ['gpt-6-sol'] },
  anthropic: { small: ['claude-haiku-4-5'], large: ['claude-opus-5-5'] },
  xai: { small: ['grok-4.3'], large: ['grok-4.6'] },
}

/** Providers of an operator's environment; their addresses are the operator's own and trusted. */
export function providersFromEnvironment(environment: ProviderEnvironment): GatewayProvider[] {
  const connections = environmentConnections(environment)
  const small = environment.STEWARD_SMALL_MODELS
  const large = environment.STEWARD_LARGE_MODELS
  return connections
    .map((connection) => ({
      connection: {
        ...connection,
        free_models: ofProvider(connection, environment.STEWARD_FREE_MODELS),
      },
      small_models: modelsOf(connection, small, 'small'),
      large_models: modelsOf(connection, large, 'large'),
      priority: rankOf(connection, [...small, ...large]),
    }))
    .filter((provider) => provider.small_models.length + provider.large_models.length > 0)
}

function environmentConnections(environment: ProviderEnvironment): ProviderConnection[] {
  const connection = (
    kind: ProviderConnection['kind'],
    key: string | undefined,
    url: string | null = null,
  ): ProviderConnection[] =>
    key || url
      ? [{ name: kind, kind, base_url: url, api_key: key ?? null, trusted_address: true }]
      : []
  const url = environment.STEWARD_OPENAI_COMPATIBLE_URL ?? null
  return [
    ...connection('openai', environment.OPENAI_API_KEY),
    ...connection('anthropic', environment.ANTHROPIC_API_KEY),
    ...connection('xai', environment.XAI_API_KEY),
    ...(url ? connection('openai_compatible', environment.STEWARD_OPENAI_COMPATIBLE_KEY, url) : []),
  ]
}

function modelsOf(
  connection: ProviderConnection,
  listed: string[],
  tier: 'small' | 'large',
): string[] {
  if (listed.length > 0) return ofProvider(connection, listed)
  return DEFAULTS[connection.name]?.[tier] ?? []
}

function ofProvider(connection: ProviderConnection, listed: string[]): string[] {
  const prefix = `${connection.name}/`
  return listed.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length))
}

/** The order of the lists is the order of the providers. */
function rankOf(connection: ProviderConnection, listed: string[]): number {
  const index = listed.findIndex((id) => id.startsWith(`${connection.name}/`))
  return index === -1 ? listed.length : index
}

/** Providers of a site's Steward Model Provider records. Their addresses are checked, not trusted. */
export function providersFromSettings(settings: SiteSettings): GatewayProvider[] {
  return settings.providers
    .filter((record) => record.enabled)
    .map((record) => ({
      connection: {
        name: record.name,
        kind: record.kind,
        base_url: record.base_url,
        api_key: record.api_key,
        free_models: record.free ? [...record.small_models, ...record.large_models] : [],
      },
      small_models: record.small_models,
      large_models: record.large_models,
      priority: record.priority,
      withheld: [...settings.masked_fields, ...(record.withheld ?? [])],
    }))
}
