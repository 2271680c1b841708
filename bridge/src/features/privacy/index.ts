import type { ApiRouter } from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import { registerAuditRoutes } from './audit-routes.ts'

export function createPrivacyFeature(ports: { database: Database }): {
  registerRoutes(api: ApiRouter): void
} {
  return { registerRoutes: (api) => registerAuditRoutes(api, ports.database) }
}
