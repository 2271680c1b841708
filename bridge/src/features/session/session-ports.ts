import type { TeamRole } from '../../http/index.ts'
import type { SiteIdentity } from '../../shared/site-protocol.ts'
import type { z } from 'zod'
import type { signedInSchema } from './schema.ts'

export interface TeamMembership {
  team_id: string
  team_name: string
  role: TeamRole
}

/** What sessions need of teams. */
export interface MembershipPort {
  admit(siteId: string, identity: SiteIdentity): Promise<TeamMembership>
  membership(siteId: string, person: string, teamId: string): Promise<TeamMembership | null>
}

export type SignedIn = z.infer<typeof signedInSchema> & { session_id: string }
