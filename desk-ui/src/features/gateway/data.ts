import { callBridge, openBridge } from '../../bridge/client.ts'

// ---------------------------------------------------------------- usage

export const COST_GROUPS = ['day', 'person', 'route', 'model', 'doctype'] as const
export type CostGroup = (typeof COST_GROUPS)[number]

export interface CostRow {
  /** A day, a person, a route, a model or a document type. */
  key: string
  calls: number
  input_tokens: number
  output_tokens: number
  usd: number
  /** What the same tokens would have cost on the large model. */
  large_usd: number
}

export interface CostReport {
  data: CostRow[]
  total: Omit<CostRow, 'key'>
}

export interface Period {
  from: string
  to: string
}

export function fetchCosts(group: CostGroup, period: Period): Promise<CostReport> {
  return callBridge('/usage/costs', { query: { group_by: group, ...period } })
}

/** The ledger as CSV; fetched with the session, so a plain link cannot do it. */
export async function fetchCostsCsv(group: CostGroup, period: Period): Promise<string> {
  const response = await openBridge('/usage/costs', {
    query: { group_by: group, ...period },
    headers: { accept: 'text/csv' },
  })
  return response.text()
}

export interface Usage {
  period_start: string
  period_end: string
  requests: { used: number; held: number; limit: number | null }
  usd: { used: number; held: number; limit: number | null }
}

export function fetchUsage(): Promise<Usage> {
  return callBridge('/usage')
}
