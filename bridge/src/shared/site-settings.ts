/** Settings of the protocol (`site-protocol.ts`), and what the bridge publishes to the site. */

/** Answer of `get_for_bridge()`; only the service user (role Steward Bridge) may call it. */
export interface SiteSettings {
  enabled: boolean
  bridge_url: string
  oauth_client_id: string
  oauth_client_secret: string
  providers: SiteModelProvider[]
  /** Doctypes or `DocType.field` that never leave for a provider outside the site. */
  masked_fields: string[]
  /** Origins whose pages may call the bridge, besides the site's own. */
  allowed_origins: string[]
  plans: SitePlan[]
  /** Name of the plan of teams that have none of their own. */
  default_plan: string | null
  modified: string
  /** Who changed each record last, or deleted it; absent from an app older than it. */
  changed_by?: SettingsAuthor[]
}

export interface SettingsAuthor {
  kind: 'settings' | 'provider' | 'plan'
  name: string
  /** ERPNext User. */
  person: string
}

/** A Steward Plan record. Money in integer nano-USD; null is no limit. */
export interface SitePlan {
  name: string
  enabled: boolean
  currency: string
  monthly_requests: number
  monthly_model_budget_nano_usd: number
  person_monthly_requests: number | null
  person_monthly_model_budget_nano_usd: number | null
}

/** A Steward Model Provider record. */
export interface SiteModelProvider {
  name: string
  kind: 'openai' | 'anthropic' | 'xai' | 'openai_compatible'
  base_url: string | null
  api_key: string | null
  /** Model ids a tier uses, in order of preference. */
  small_models: string[]
  large_models: string[]
  priority: number
  enabled: boolean
  /** The record says that its models cost nothing (own hardware); never assumed. */
  free?: boolean
  /** Doctypes or `DocType.field` that are masked for this provider. */
  withheld?: string[]
}

/** Body of `publish.upsert(doctype, records)`: read-only mirrors such as Steward Request. */
export interface PublishedRecord {
  external_id: string
  version: number
  values: Record<string, unknown>
}
