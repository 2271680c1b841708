import type { TeamRole } from '../../http/index.ts'
import { appendAudit } from '../../platform/audit/index.ts'
import type { Database, SystemTransaction } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import type { SiteIdentity } from '../../shared/site-protocol.ts'
import {
  admitMember,
  currentMembership,
  ensureDefaultTeam,
  findDefaultTeam,
  readPlan,
  type TeamMembership,
} from './team-store.ts'

/** Who belongs to which team, and with what role. */
export class TeamService {
  readonly #database: Database
  readonly #clock: Clock
  readonly #ids: Ids

  constructor(ports: { database: Database; clock: Clock; ids: Ids }) {
    this.#database = ports.database
    this.#clock = ports.clock
    this.#ids = ports.ids
  }

  /** Lets a person of the site in: member of the default team with the role ERPNext gives them. */
  async admit(siteId: string, identity: SiteIdentity): Promise<TeamMembership> {
    const role = roleFromSite(identity.roles)
    return this.#database.withSystem('admit a person to the default team', async (tx) => {
      const teamId = await ensureDefaultTeam(tx, siteId, this.#ids.next('team'))
      const member = { team_id: teamId, site_id: siteId, person: identity.user, role }
      const changed = await admitMember(tx, { ...member, full_name: identity.full_name })
      const membership = await currentMembership(tx, siteId, identity.user, null)
      if (!membership)
        throw new StewardError('forbidden', 'You are not an active member of any team here.')
      if (changed) await this.#audit(tx, member, changed.before)
      return membership
    })
  }

  /** The site's default team; null before anybody signed in. */
  async defaultTeam(siteId: string): Promise<string | null> {
    return this.#database.systemStatement('find the default team', (tx) =>
      findDefaultTeam(tx, siteId),
    )
  }

  /** Name of the team's own plan; null: the site's default. */
  async planOf(siteId: string, teamId: string): Promise<string | null> {
    return this.#database.systemStatement('read the plan of a team', (tx) =>
      readPlan(tx, siteId, teamId),
    )
  }

  async membership(siteId: string, person: string, teamId: string): Promise<TeamMembership | null> {
    return this.#database.systemStatement('read a membership', (tx) =>
      currentMembership(tx, siteId, person, teamId),
    )
  }

  async #audit(
    tx: SystemTransaction,
    member: { team_id: string; site_id: string; person: string; role: TeamRole },
    before: TeamRole | null,
  ): Promise<void> {
    await appendAudit(tx, {
      site_id: member.site_id,
      team_id: member.team_id,
      at: this.#clock.now(),
      action: before ? 'member.role_changed' : 'member.joined',
      person: null,
      target_kind: 'member',
      target_id: member.person,
      details: { before, role: member.role, source: 'site' },
    })
  }
}

/** Steward Manager is an admin, Steward User a user, any other desk user may look. */
function roleFromSite(roles: string[]): TeamRole {
  if (roles.includes('Steward Manager')) return 'admin'
  return roles.includes('Steward User') ? 'user' : 'viewer'
}
