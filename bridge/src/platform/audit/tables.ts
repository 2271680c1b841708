/** One thing that was done; see the migration for how entries are chained. */
export interface AuditEventTable {
  site_id: string
  team_id: string
  /** Position in the team's chain, from 1 without a gap. */
  seq: bigint
  at: Date
  action: string
  /** ERPNext User who did it; null when it was nobody signed in to the bridge. */
  person: string | null
  target_kind: string
  target_id: string
  details: Record<string, unknown>
  /** Hash of the entry before; empty for the first. */
  previous_hash: string
  hash: string
}

declare module '../database/schema.ts' {
  interface DatabaseSchema {
    audit_event: AuditEventTable
  }
}
