import type { Generated } from 'kysely'
import type { TeamRole } from '../../http/index.ts'

export interface TeamTable {
  id: string
  site_id: string
  name: string
  /** The site's one team that every desk user belongs to. */
  is_default: boolean
  /** Name of the Steward Plan; null: the site's default plan. */
  plan: string | null
  created_at: Generated<Date>
  archived_at: Date | null
}

export interface MembershipTable {
  team_id: string
  site_id: string
  /** ERPNext User. */
  person: string
  full_name: string
  role: TeamRole
  /** `site`: follows the person's roles in ERPNext; `team`: set by an admin of the team. */
  role_source: 'site' | 'team'
  status: 'active' | 'disabled'
  joined_at: Generated<Date>
  last_used_at: Date | null
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    team: TeamTable
    membership: MembershipTable
  }
}
