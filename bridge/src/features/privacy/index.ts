import './tables.ts'
import type { ApiRouter } from '../../http/index.ts'
import type { MigrationFile } from '../../platform/database/index.ts'
import { registerAuditRoutes } from './audit-routes.ts'
import type { ChainCheckPorts } from './chain-check.ts'
import { auditCheckpoint } from './migrations/2026-11-24-051-audit-checkpoint.ts'

export const privacyMigrations: MigrationFile[] = [auditCheckpoint]

export function createPrivacyFeature(ports: ChainCheckPorts): {
  registerRoutes(api: ApiRouter): void
} {
  return { registerRoutes: (api) => registerAuditRoutes(api, ports) }
}
