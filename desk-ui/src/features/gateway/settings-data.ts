import { callBridge } from '../../bridge/client.ts'
import {
  createRecord,
  deleteSeen,
  listRecords,
  readRecord,
  updateSeen,
  type SeenRecord,
} from '../../bridge/site-records.ts'

export type ProviderKind = 'openai' | 'anthropic' | 'xai' | 'openai_compatible'

/** A Steward Model Provider as ERPNext keeps it; model lists have one id a line. */
export interface Provider extends SeenRecord {
  provider_name: string
  kind: ProviderKind
  enabled: 0 | 1
  priority: number
  base_url: string | null
  small_models: string | null
  large_models: string | null
  /** Its models cost nothing: own hardware. */
  free: 0 | 1
  withheld: string | null
}

/** `api_key` goes in and never comes out: ERPNext answers stars for it. */
export type ProviderValues = Omit<Provider, keyof SeenRecord> & { api_key?: string }

export const KIND_WORD: Record<ProviderKind, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  xai: 'xAI',
  openai_compatible: 'OpenAI-compatible server',
}

const PROVIDER = 'Steward Model Provider'
const FIELDS = [
  'name',
  'modified',
  'provider_name',
  'kind',
  'enabled',
  'priority',
  'base_url',
  'small_models',
  'large_models',
  'free',
  'withheld',
]

export function listProviders(): Promise<Provider[]> {
  return listRecords(PROVIDER, FIELDS, 'priority asc, name asc')
}

/** A new one, or a change of one as the person saw it. */
export function saveProvider(
  seen: Provider | null,
  values: Partial<ProviderValues>,
): Promise<unknown> {
  return seen ? updateSeen(PROVIDER, seen, values) : createRecord(PROVIDER, values)
}

export function removeProvider(seen: Provider): Promise<void> {
  return deleteSeen(PROVIDER, seen)
}

interface ProviderTest {
  ok: boolean
  /** Ids of the models the key may use, where the provider lists them. */
  models: string[]
  error: { kind: string; message: string } | null
}

/** Tries the key at the provider before it is kept anywhere; answers why it will not do, or null. */
export async function faultOfProvider(values: ProviderValues): Promise<string | null> {
  const { kind, base_url, api_key, small_models, large_models } = values
  const test = await callBridge<ProviderTest>('/model-providers/test', {
    method: 'POST',
    body: { kind, base_url: base_url || null, api_key: api_key || null },
  })
  if (!test.ok) return test.error?.message ?? 'The provider refused the key.'
  const wanted = [...linesOf(small_models), ...linesOf(large_models)]
  const unknown = test.models.length > 0 ? wanted.filter((id) => !test.models.includes(id)) : []
  return unknown.length > 0 ? `The provider has no model ${unknown.join(', ')}.` : null
}

export function linesOf(text: string | null): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

// ---------------------------------------------------------------- caps

const PLAN = 'Steward Plan'

/** Limits of a calendar month; 0 or nothing means no limit. */
export interface Plan extends SeenRecord {
  monthly_requests: number | null
  monthly_model_budget_usd: number | null
  person_monthly_requests: number | null
  person_monthly_model_budget_usd: number | null
}

export interface SettingsRecord extends SeenRecord {
  default_plan: string | null
  masked_fields: string | null
}

const SETTINGS = 'Steward Settings'

export async function readPlan(): Promise<Plan | null> {
  const { default_plan: name } = await readRecord<SettingsRecord>(SETTINGS, SETTINGS)
  return name ? readRecord<Plan>(PLAN, name) : null
}

export function savePlan(seen: Plan, values: Partial<Plan>): Promise<void> {
  return updateSeen(PLAN, seen, values)
}

// ---------------------------------------------------------------- data rules

/** Its `masked_fields`, `DocType` or `DocType.field`, one a line, are masked before anything leaves for a provider. */
export function readDataRules(): Promise<SettingsRecord> {
  return readRecord<SettingsRecord>(SETTINGS, SETTINGS)
}

export function saveDataRules(seen: SettingsRecord, masked_fields: string): Promise<void> {
  return updateSeen(SETTINGS, seen, { masked_fields })
}
