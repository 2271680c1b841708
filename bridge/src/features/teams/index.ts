import { auditMigration } from '../../platform/audit/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { teamsMigration } from './migrations/2026-11-24-010-teams.ts'
import { TeamService } from './team-service.ts'

export type { TeamService } from './team-service.ts'

export const teamMigrations = [auditMigration, teamsMigration]

export function createTeamsFeature(ports: { database: Database; clock: Clock; ids: Ids }): {
  service: TeamService
} {
  return { service: new TeamService(ports) }
}
