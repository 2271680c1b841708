import type { Document, PermissionType } from '../contract.ts'
import { notPermitted, permissionError } from '../errors.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import { refusalReasons } from './refusal-reasons.ts'
import { RIGHTS, rolePermissions } from './role-permissions.ts'
import { sharedNames } from './shares.ts'
import { passesUserPermissions } from './user-permissions.ts'

/** `frappe.has_permission`: by role, owner, controller, user permissions, then shares. */
export function hasPermission(
  site: InnerSite,
  doctype: string,
  right: PermissionType,
  document?: Document,
): boolean {
  if (site.user === 'Administrator') return true
  const meta = site.state.metas.get(doctype)
  if (meta.isTable) return hasChildPermission(site, right, document)
  if (document) return hasDocumentPermission(site, meta, right, document)
  if (right === 'submit' && !meta.isSubmittable) return false
  return rolePermissions(site, meta).rights.has(right) || sharedNames(site, doctype, right).size > 0
}

/** A child row is as accessible as its parent. */
function hasChildPermission(site: InnerSite, right: PermissionType, child?: Document): boolean {
  if (!child?.parenttype || !child.parent) return false
  const parent = site.getDoc(child.parenttype, child.parent)
  return hasPermission(site, child.parenttype, right === 'create' ? 'write' : right, parent)
}

function hasDocumentPermission(
  site: InnerSite,
  meta: Meta,
  right: PermissionType,
  document: Document,
): boolean {
  if (documentRights(site, meta, document, right).has(right)) return true
  return sharedNames(site, meta.name, right).has(document.name)
}

/** `get_doc_permissions`: all rights this user has on this document, without shares. */
export function documentRights(
  site: InnerSite,
  meta: Meta,
  document: Document,
  asked: PermissionType = 'read',
): ReadonlySet<PermissionType> {
  if (site.user === 'Administrator') {
    return new Set(RIGHTS.filter((right) => right !== 'submit' || meta.isSubmittable))
  }
  if (!controllersAllow(site, meta, document, asked)) return new Set()
  const { rights, ifOwner } = rolePermissions(site, meta)
  const isOwner = document.owner?.toLowerCase() === site.user.toLowerCase()
  const result = new Set(rights)
  for (const right of ifOwner ?? []) {
    if (isOwner) result.add(right)
    else result.delete(right)
  }
  if (!meta.isSubmittable) result.delete('submit')
  if (passesUserPermissions(site, document, meta)) return result
  return isOwner ? new Set(ifOwner ?? []) : new Set()
}

function controllersAllow(
  site: InnerSite,
  meta: Meta,
  document: Document,
  right: PermissionType,
): boolean {
  return site.state
    .controllersOf(meta.name)
    .every((controller) => controller.hasPermission?.(document, right, site) ?? true)
}

/** Throws as `Document.check_permission` does: for the doctype first, then for this document. */
export function checkPermission(
  site: InnerSite,
  doctype: string,
  right: PermissionType,
  document?: Document,
): void {
  if (hasPermission(site, doctype, right, document)) return
  const meta = site.state.metas.get(doctype)
  const byRole = rolePermissions(site, meta).rights.has(right)
  if (!document || (!byRole && !meta.isTable)) throw doctypeRefusal(site, doctype)
  site.msgprint(refusalReasons(site, document, right))
  throw permissionError(
    `You need the '${right}' permission on <strong>${doctype}</strong> ${document.name} to perform this action.`,
    {
      silent: true,
      summary: `You need the '${right}' permission on <strong>${doctype}</strong> ${document.name} to perform this action.`,
    },
  )
}

function doctypeRefusal(site: InnerSite, doctype: string) {
  const ability = `User <strong>${site.user}</strong> does not have doctype access via role permission for document <strong>${doctype}</strong>`
  return notPermitted(ability, doctype)
}
