export type {
  Database,
  MigrationFile,
  SystemTransaction,
  Tenant,
  TenantTransaction,
} from './database-port.ts'
export { claimDatabase, type DatabaseClaim } from './database-claim.ts'
export { inspectServer, type ServerInspection } from './inspect-server.ts'
export { openDatabase, type OpenDatabase } from './open-database.ts'
export { systemTable, tenantTable } from './tenant-table.ts'
