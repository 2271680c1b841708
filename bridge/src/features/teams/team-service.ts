import type { TeamRole } from '../../http/index.ts'
import type { Database } from '../../platform/database/index.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import type { SiteIdentity } from '../../shared/site-protocol.ts'
import {
  currentMembership,
  ensureDefaultTeam,
  readPlan,
  upsertMembership,
  type TeamMembership,
} from './team-store.ts'

/** Who belongs to which team, and with what role. */
export class TeamService {
  readonly #database: Database
  readonly #ids: Ids

  constructor(database: Database, ids: Ids) {
    this.#database = database
    this.#ids = ids
  }

  /** Lets a person of the site in: member of the default team with the role ERPNext gives them. */
  async admit(siteId: string, identity: SiteIdentity): Promise<TeamMembership> {
    const role = roleFromSite(identity.roles)
    return this.#database.withSystem('admit a person to the default team', async (tx) => {
      const teamId = await ensureDefaultTeam(tx, siteId, this.#ids.next('team'))
      await upsertMembership(tx, {
        team_id: teamId,
        site_id: siteId,
        person: identity.user,
        full_name: identity.full_name,
        role,
      })
      const membership = await currentMembership(tx, siteId, identity.user, null)
      if (!membership)
        throw new StewardError('forbidden', 'You are not an active member of any team here.')
      return membership
    })
  }

  /** Name of the team's own plan; null: the site's default. */
  async planOf(siteId: string, teamId: string): Promise<string | null> {
    return this.#database.withSystem('read the plan of a team', (tx) =>
      readPlan(tx, siteId, teamId),
    )
  }

  async membership(siteId: string, person: string, teamId: string): Promise<TeamMembership | null> {
    return this.#database.withSystem('read a membership', (tx) =>
      currentMembership(tx, siteId, person, teamId),
    )
  }
}

/** Steward Manager is an admin, Steward User a user, any other desk user may look. */
function roleFromSite(roles: string[]): TeamRole {
  if (roles.includes('Steward Manager')) return 'admin'
  return roles.includes('Steward User') ? 'user' : 'viewer'
}
