import './tables.ts'

export type { AuditAction, AuditEntry } from './audit-entry.ts'
export { verifyAudit, verifyTeamAudit, type ChainReport, type KnownEntry } from './audit-chain.ts'
export { appendAudit, appendAuditIfNew } from './audit-trail.ts'
export type { AuditEventTable } from './tables.ts'
export { auditMigration } from './migrations/2026-11-24-005-audit.ts'
