interface AuditCheckpointTable {
  site_id: string
  team_id: string
  /** A checkpoint as JSON; opens only for this team. */
  sealed: string
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    audit_checkpoint: AuditCheckpointTable
  }
}
