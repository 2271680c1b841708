import type { PermissionDefinition, PermissionType } from '../contract.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'

export const RIGHTS: PermissionType[] = [
  'select',
  'read',
  'write',
  'create',
  'delete',
  'submit',
  'cancel',
  'amend',
  'print',
  'email',
  'report',
  'export',
  'share',
]

/** What the roles of a user give on a doctype; `ifOwner` holds the rights that need ownership. */
export interface RolePermissions {
  rights: Set<PermissionType>
  /** Rights only the owner has, whether or not this caller is. Null without if_owner rules. */
  ifOwner: Set<PermissionType> | null
}

export function rolePermissions(site: InnerSite, meta: Meta): RolePermissions {
  if (site.user === 'Administrator') return { rights: new Set(RIGHTS), ifOwner: null }
  const applicable = meta.definition.permissions.filter(
    (rule) => site.roles.has(rule.role) && !rule.permlevel,
  )
  const hasIfOwner = applicable.some((rule) => rule.if_owner)
  const result: RolePermissions = { rights: new Set(), ifOwner: hasIfOwner ? new Set() : null }
  for (const right of RIGHTS) grant(result, right, applicable)
  return result
}

/** A right given by owner rules alone still opens the list, where rows are filtered by owner. */
function grant(
  result: RolePermissions,
  right: PermissionType,
  applicable: PermissionDefinition[],
): void {
  const giving = applicable.filter((rule) => holds(rule, right))
  if (giving.length === 0) return
  const onlyOwner = right !== 'create' && giving.every((rule) => rule.if_owner)
  if (onlyOwner) result.ifOwner?.add(right)
  if (!onlyOwner || right === 'select' || right === 'read') result.rights.add(right)
}

function holds(rule: PermissionDefinition, right: PermissionType): boolean {
  return Boolean((rule as unknown as Record<string, unknown>)[right])
}

/** Permission levels above 0 that the roles open for reading or writing, and 0. */
export function permlevels(
  site: InnerSite,
  meta: Meta,
  right: 'read' | 'write',
): ReadonlySet<number> {
  const levels = meta.definition.permissions
    .filter((rule) => site.roles.has(rule.role) && rule[right])
    .map((rule) => rule.permlevel ?? 0)
  return new Set(levels)
}
