import { callBridge, openBridge } from '../../bridge/client.ts'

/** One thing that was done in the team, chained by its hash to the one before it. */
export interface AuditEvent {
  seq: number
  at: string
  action: string
  person: string | null
  target_kind: string
  target_id: string
  details: Record<string, unknown>
  previous_hash: string
  hash: string
}

/** The chain recomputed from its first entry. */
export interface AuditChain {
  entries: number
  head: string
  broken: { seq: number; reason: string } | null
  checked_from: number
  checked_before: string | null
  complete: boolean
}

/** Empty means all; days are UTC, as the bridge counts them. */
export interface AuditFilter {
  action: string
  person: string
  from: string
  to: string
}

export function listAudit(
  filter: AuditFilter,
  cursor: string | null,
): Promise<{ data: AuditEvent[]; next_cursor: string | null }> {
  return callBridge('/audit', { query: { ...filter, cursor, limit: 50 } })
}

/** Fetched with the session's token, so a plain link cannot do it. */
export async function fetchAuditCsv(filter: AuditFilter, signal: AbortSignal): Promise<string> {
  const response = await openBridge('/audit', { query: { ...filter, format: 'csv' }, signal })
  return response.text()
}

/** Goes on from where the chain was found in order last, or looks at every entry, however many calls it takes. */
export async function checkAuditChain(whole: boolean, signal: AbortSignal): Promise<AuditChain> {
  const first = await callBridge<AuditChain>('/audit/chain', {
    query: { from: whole ? 'start' : 'last' },
    signal,
  })
  let now = first
  while (!now.complete) now = await callBridge<AuditChain>('/audit/chain', { signal })
  const { checked_from, checked_before } = first
  return { ...now, checked_from, checked_before }
}
