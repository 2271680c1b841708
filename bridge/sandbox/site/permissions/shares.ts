import type { PermissionType } from '../contract.ts'
import type { InnerSite } from '../inner-site.ts'

const SHAREABLE = new Set<PermissionType>(['read', 'write', 'share', 'submit', 'email', 'print'])

/** Names of a doctype shared with this user (or with everyone) for this right. */
export function sharedNames(
  site: InnerSite,
  doctype: string,
  right: PermissionType,
): ReadonlySet<string> {
  const names = new Set<string>()
  if (!SHAREABLE.has(right)) return names
  const column = right === 'email' || right === 'print' ? 'read' : right
  for (const row of site.state.store.table('DocShare').rows()) {
    const mine = row.user === site.user || (row.everyone === 1 && site.user !== 'Guest')
    if (mine && row.share_doctype === doctype && row[column] === 1)
      names.add(String(row.share_name))
  }
  return names
}
