import { callBridge, openBridge } from '../../bridge/client.ts'

export type CostGroup = 'day' | 'person' | 'route' | 'model' | 'doctype'

export interface Costs {
  calls: number
  failed_calls: number
  input_tokens: number
  cached_input_tokens: number
  output_tokens: number
  reasoning_tokens: number
  cost_usd: number
  /** What the same tokens would have cost on the large model. */
  large_model_cost_usd: number
}

export interface CostRow extends Costs {
  /** A day, a person, a route, a model or a document type. */
  key: string
}

/** All calls of the period, and where a provider says it charged something else. */
export interface Usage extends Costs {
  reconciliation: {
    model: string
    calls: number
    cost_usd: number
    provider_cost_usd: number
    difference_usd: number
  }[]
}

/** First and last day, UTC. */
export interface Period {
  from: string
  to: string
}

export function fetchUsage(period: Period): Promise<Usage> {
  return callBridge('/usage', { query: { ...period } })
}

export async function fetchCosts(by: CostGroup, period: Period): Promise<CostRow[]> {
  const { data } = await callBridge<{ data: CostRow[] }>('/usage/costs', {
    query: { by, ...period },
  })
  return data
}

/** The same as CSV; fetched with the session's token, so a plain link cannot do it. */
export async function fetchCostsCsv(by: CostGroup, period: Period): Promise<string> {
  const response = await openBridge('/usage/costs', { query: { by, format: 'csv', ...period } })
  return response.text()
}

// ---------------------------------------------------------------- API keys

export interface ApiKey {
  id: string
  name: string
  person: string
  scopes: string[]
  requests_per_minute: number
  expires_at: string | null
  revoked_at: string | null
  last_used_at: string | null
  created_at: string
}

/** All of them: a team has few. */
export async function listApiKeys(): Promise<ApiKey[]> {
  const keys: ApiKey[] = []
  let cursor: string | null = null
  do {
    const page: { data: ApiKey[]; next_cursor: string | null } = await callBridge('/api-keys', {
      query: { cursor, limit: 200 },
    })
    keys.push(...page.data)
    cursor = page.next_cursor
  } while (cursor)
  return keys
}

/** `token` is in this one answer only. */
export function createApiKey(name: string): Promise<ApiKey & { token: string }> {
  return callBridge('/api-keys', { method: 'POST', body: { name } })
}

export function revokeApiKey(id: string): Promise<void> {
  return callBridge(`/api-keys/${id}`, { method: 'DELETE' })
}
