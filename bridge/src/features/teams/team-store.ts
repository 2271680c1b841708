import type { SystemTransaction } from '../../platform/database/index.ts'
import type { TeamRole } from '../../http/index.ts'
import './tables.ts'

export interface TeamMembership {
  team_id: string
  team_name: string
  role: TeamRole
}

/** The site's default team; made with `newId` when there is none yet, once under any race. */
export async function ensureDefaultTeam(
  tx: SystemTransaction,
  siteId: string,
  newId: string,
): Promise<string> {
  await tx
    .insertInto('team')
    .values({
      id: newId,
      site_id: siteId,
      name: 'Everyone',
      is_default: true,
      plan: null,
      archived_at: null,
    })
    .onConflict((conflict) => conflict.column('site_id').where('is_default', '=', true).doNothing())
    .execute()
  const row = await tx
    .selectFrom('team')
    .select('id')
    .where('site_id', '=', siteId)
    .where('is_default', '=', true)
    .executeTakeFirstOrThrow()
  return row.id
}

export async function findDefaultTeam(
  tx: SystemTransaction,
  siteId: string,
): Promise<string | null> {
  const row = await tx
    .selectFrom('team')
    .select('id')
    .where('site_id', '=', siteId)
    .where('is_default', '=', true)
    .executeTakeFirst()
  return row?.id ?? null
}

interface SiteMember {
  team_id: string
  site_id: string
  person: string
  full_name: string
  role: TeamRole
}

/**
 * Adds the person, or lets a role that follows the site follow it. Answers what that changed: the
 * role before, null for a new member; or null when nothing did.
 */
export async function admitMember(
  tx: SystemTransaction,
  member: SiteMember,
): Promise<{ before: TeamRole | null } | null> {
  const added = await tx
    .insertInto('membership')
    .values({ ...member, role_source: 'site', status: 'active', last_used_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows) return { before: null }
  const known = await tx
    .selectFrom('membership')
    .select(['role', 'role_source'])
    .where('team_id', '=', member.team_id)
    .where('person', '=', member.person)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const role = known.role_source === 'site' ? member.role : known.role
  await tx
    .updateTable('membership')
    .set({ full_name: member.full_name, role })
    .where('team_id', '=', member.team_id)
    .where('person', '=', member.person)
    .execute()
  return role === known.role ? null : { before: known.role }
}

/** The team a request is for: the named one, else the last used, else the default; null when none. */
export async function currentMembership(
  tx: SystemTransaction,
  siteId: string,
  person: string,
  teamId: string | null,
): Promise<TeamMembership | null> {
  let query = tx
    .selectFrom('membership')
    .innerJoin('team', 'team.id', 'membership.team_id')
    .select(['team.id as team_id', 'team.name as team_name', 'membership.role'])
    .where('membership.site_id', '=', siteId)
    .where('membership.person', '=', person)
    .where('membership.status', '=', 'active')
    .where('team.archived_at', 'is', null)
    .orderBy('membership.last_used_at', (order) => order.desc().nullsLast())
    .orderBy('team.is_default', 'desc')
  if (teamId) query = query.where('team.id', '=', teamId)
  return (await query.executeTakeFirst()) ?? null
}

export async function readPlan(
  tx: SystemTransaction,
  siteId: string,
  teamId: string,
): Promise<string | null> {
  const row = await tx
    .selectFrom('team')
    .select('plan')
    .where('site_id', '=', siteId)
    .where('id', '=', teamId)
    .executeTakeFirst()
  return row?.plan ?? null
}
