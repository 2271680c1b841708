/**
 * What the bridge and the Frappe app `steward` say to each other. The app
 * (`frappe-app/steward/api/*.py`) and the sandbox (`bridge/sandbox/steward/`)
 * both implement it; the bridge and the pages read it. Every method is called
 * as `POST /api/method/<method>` with a JSON body and answers in `message`.
 *
 * Times are RFC 3339 UTC unless the name says `modified`: that is Frappe's own
 * stamp, a naive string in the site's zone, compared as a string only.
 */

import type { CurrencyLook } from './site-formats.ts'

export * from './site-operations.ts'
export * from './site-outcomes.ts'
export * from './site-queries.ts'
export * from './site-settings.ts'

/** Whitelisted methods of the app. Nothing else of the app may be called. */
export const STEWARD_METHODS = {
  grant: 'steward.api.session.grant',
  revoke: 'steward.api.session.revoke',
  whoami: 'steward.api.session.whoami',
  preview: 'steward.api.operations.preview',
  apply: 'steward.api.operations.apply',
  get: 'steward.api.operations.get',
  reject: 'steward.api.operations.reject',
  previewUndo: 'steward.api.operations.preview_undo',
  undo: 'steward.api.operations.undo',
  describe: 'steward.api.query.describe_doctype',
  aggregate: 'steward.api.query.aggregate',
  findDoctype: 'steward.api.query.find_doctype',
  listMappings: 'steward.api.query.list_mappings',
  siteWords: 'steward.api.query.site_words',
  settings: 'steward.api.settings.get_for_bridge',
  publish: 'steward.api.publish.upsert',
  health: 'steward.api.health.check',
} as const

/** Answer of `grant(kind?)`; needs a cookie session and its CSRF token. */
export interface SessionGrant {
  access_token: string
  token_type: 'Bearer'
  expires_at: string
  user: string
  site: string
  /** Where the pages find the bridge, from Steward Settings. */
  bridge_url: string
}

/** Answer of `whoami()`: who the credentials of this very call belong to. */
export interface SiteIdentity {
  user: string
  full_name: string
  email: string
  image: string | null
  /** The site's name as Frappe knows it. */
  site: string
  roles: string[]
  user_type: string
  /** BCP 47 language of the person. */
  language: string
  /** IANA zone of the site: document times are in it. */
  time_zone: string
  date_format: string
  number_format: string
  /** These five are absent from an app, or a session, older than them. `HH:mm:ss` or `HH:mm`. */
  time_format?: string
  /** IANA zone the person reads times in: their own, else the site's. */
  display_time_zone?: string
  /** Decimals of numbers that are no money. */
  float_precision?: number
  /** Decimals of money; null for as many as the number format shows. */
  currency_precision?: number | null
  /** By code, those the site uses. */
  currencies?: Record<string, CurrencyLook>
  currency: string
  default_company: string | null
  /** How this call was authenticated. */
  authentication: 'cookie' | 'bearer' | 'api_key'
  /** `true` when the bearer belongs to Steward's own OAuth client. */
  steward_client: boolean
  /** Hash of the ERPNext session an interactive grant is bound to; null for delegated grants and API keys. */
  session_binding: string | null
  grant_kind: 'interactive' | 'delegated' | 'oauth' | null
  /** Unix seconds when the bearer ends; null for API keys. */
  expires_at: number | null
  app_version: string
  frappe_version: string
  erpnext_version: string | null
}

/** Answer of `check()`; only the service user may call it. */
export interface SiteHealth {
  /** Processes that do the site's background work. */
  workers: number
  scheduler_active: boolean
  /** Where Steward's OAuth Client may send people back to. */
  redirect_uris: string[]
  /** Bearer of the service user for a minute; null without an OAuth Client. */
  probe_token: string | null
}
