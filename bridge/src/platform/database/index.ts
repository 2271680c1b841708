export type {
  Database,
  MigrationFile,
  SystemTransaction,
  Tenant,
  TenantTransaction,
} from './database-port.ts'
export { inspectServer, type ServerInspection } from './inspect-server.ts'
export { openDatabase, type OpenDatabase } from './open-database.ts'
export { systemTable, tenantTable } from './tenant-table.ts'
