import {
  STEWARD_METHODS,
  type SettingsAuthor,
  type SiteModelProvider,
  type SitePlan,
  type SiteSettings,
} from '../../src/shared/site-protocol.ts'
import type { Controller, Document, SiteContext, WhitelistedMethod } from '../site/contract.ts'
import { BRIDGE } from './access.ts'
import { refuse } from './operations/refusal.ts'
import { textOf } from './values.ts'

const NANO = 1_000_000_000

/** `steward.api.settings`: settings with their secrets, for the role Steward Bridge alone. */
export const settingsMethods: WhitelistedMethod[] = [
  {
    name: STEWARD_METHODS.settings,
    methods: ['POST'],
    run(site): SiteSettings {
      if (!site.roles.has(BRIDGE) || site.user === 'Administrator') {
        refuse("Only the bridge's service user may read this.", 'PermissionError')
      }
      return readSettings(site)
    },
  },
]

function readSettings(site: SiteContext): SiteSettings {
  const settings = site.getSingle('Steward Settings')
  const providers = all('Steward Model Provider', 'priority asc, name asc', site)
  const plans = all('Steward Plan', 'name asc', site)
  const client = textOf(settings.oauth_client)
  const stamps = [settings, ...providers, ...plans].map((record) => textOf(record.modified))
  return {
    enabled: Boolean(settings.enabled),
    bridge_url: textOf(settings.bridge_url),
    oauth_client_id: client,
    oauth_client_secret: client
      ? textOf(site.getValue('OAuth Client', client, 'client_secret'))
      : '',
    allowed_origins: linesOf(settings.allowed_origins),
    masked_fields: linesOf(settings.masked_fields),
    default_plan: textOf(settings.default_plan) || null,
    providers: providers.map((record) => providerOf(record, site)),
    plans: plans.map(planOf),
    modified: stamps.sort().at(-1) ?? '',
    changed_by: [
      ...removers(site),
      authorOf('settings', settings),
      ...providers.map((record) => authorOf('provider', record)),
      ...plans.map((record) => authorOf('plan', record)),
    ],
  }
}

function authorOf(kind: SettingsAuthor['kind'], record: Record<string, unknown>): SettingsAuthor {
  return { kind, name: textOf(record.name), person: textOf(record.modified_by) }
}

/** Who deleted what is gone, the newest last; a record that is there again has its own author. */
function removers(site: SiteContext): SettingsAuthor[] {
  const kinds = { 'Steward Model Provider': 'provider', 'Steward Plan': 'plan' } as const
  return site
    .getAll('Deleted Document', {
      filters: { deleted_doctype: ['in', Object.keys(kinds)], restored: 0 },
      fields: ['deleted_doctype', 'deleted_name', 'owner'],
      order_by: 'creation desc',
      limit_page_length: 200,
    })
    .reverse()
    .map((row) => ({
      kind: kinds[row.deleted_doctype as keyof typeof kinds],
      name: textOf(row.deleted_name),
      person: textOf(row.owner),
    }))
}

function all(doctype: string, order: string, site: SiteContext): Document[] {
  return site
    .getAll(doctype, { fields: ['name'], order_by: order })
    .map((row) => site.getDoc(doctype, textOf(row.name)))
}

function providerOf(record: Document, site: SiteContext): SiteModelProvider {
  return {
    name: record.name,
    kind: textOf(record.kind) as SiteModelProvider['kind'],
    base_url: textOf(record.base_url) || null,
    api_key: site.getPassword('Steward Model Provider', record.name, 'api_key') || null,
    small_models: linesOf(record.small_models),
    large_models: linesOf(record.large_models),
    priority: Number(record.priority ?? 0),
    enabled: Boolean(record.enabled),
    free: Boolean(record.free),
    withheld: linesOf(record.withheld),
  }
}

/** Money as integer nano-USD; a person's cap of 0 is none. */
function planOf(record: Document): SitePlan {
  return {
    name: record.name,
    enabled: Boolean(record.enabled),
    currency: textOf(record.currency),
    monthly_requests: Number(record.monthly_requests ?? 0),
    monthly_model_budget_nano_usd: nano(record.monthly_model_budget_usd),
    person_monthly_requests: Number(record.person_monthly_requests ?? 0) || null,
    person_monthly_model_budget_nano_usd: nano(record.person_monthly_model_budget_usd) || null,
  }
}

function nano(usd: unknown): number {
  return Math.round(Number(usd ?? 0) * NANO)
}

function linesOf(text: unknown): string[] {
  return textOf(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

export const stewardSettings: Controller = {
  validate(document, site) {
    document.bridge_url = textOf(document.bridge_url).trim().replace(/\/+$/, '')
    for (const line of linesOf(document.masked_fields)) checkMasked(line, site)
  },
  onUpdate(document, site) {
    syncRedirect(document, site)
  },
}

function checkMasked(line: string, site: SiteContext): void {
  const [doctype = '', fieldname] = line.split('.')
  if (!site.hasMeta(doctype)) refuse(`There is no DocType <strong>${doctype}</strong>.`)
  const fields = site.meta(doctype).fields
  if (fieldname && !fields.some((field) => field.fieldname === fieldname)) {
    refuse(`<strong>${doctype}</strong> has no field <strong>${fieldname}</strong>.`)
  }
}

/** The bridge's address decides where ERPNext may send a signed-in person back to. */
function syncRedirect(settings: Document, site: SiteContext): void {
  const client = textOf(settings.oauth_client)
  const url = textOf(settings.bridge_url)
  if (!client || !url || !site.exists('OAuth Client', client)) return
  const uri = `${url}/v1/oauth/callback`
  site.dbSet('OAuth Client', client, { redirect_uris: uri, default_redirect_uri: uri })
}

export const stewardModelProvider: Controller = {
  validate(document) {
    document.base_url = textOf(document.base_url).trim().replace(/\/+$/, '')
    if (document.kind === 'openai_compatible' && !document.base_url) {
      refuse('An OpenAI-compatible provider needs its base URL.', 'MandatoryError')
    }
  },
}

export const stewardPlan: Controller = {
  validate(document) {
    for (const field of ['monthly_requests', 'monthly_model_budget_usd']) {
      if (Number(document[`person_${field}`] ?? 0) > Number(document[field] ?? 0)) {
        refuse(`<strong>Person ${field}</strong> cannot be more than <strong>${field}</strong>.`)
      }
    }
  },
}
