import type { Document, PermissionType } from '../contract.ts'
import { allChildren } from '../documents.ts'
import type { InnerSite } from '../inner-site.ts'
import { rolePermissions } from './role-permissions.ts'
import { userPermissionsFor } from './user-permissions.ts'

/** What Frappe's permission check logs when it refuses a document, joined as it shows it. */
export function refusalReasons(site: InnerSite, document: Document, right: PermissionType): string {
  const meta = site.state.metas.get(document.doctype)
  const denied = site.state
    .controllersOf(meta.name)
    .some((hooks) => hooks.hasPermission?.(document, right, site) === false)
  const reasons = denied
    ? ['Not allowed via controller permission check']
    : userReasons(site, document)
  const user = `User <strong>${site.user}</strong>`
  const { rights } = rolePermissions(site, meta)
  const target = rights.has('read') ? `: ${meta.name} - ${document.name}` : ''
  return [...reasons, `${user} does not have access to this document${target}`].join('<br>')
}

/** The first name or link a user permission stops at. */
function userReasons(site: InnerSite, document: Document): string[] {
  const meta = site.state.metas.get(document.doctype)
  const own = userPermissionsFor(site, meta.name, meta.name)
  if (own && !own.names.has(document.name))
    return [`Not allowed for ${meta.name}: ${document.name}`]
  for (const part of [document, ...allChildren(document, meta)]) {
    const reason = linkReason(site, part, meta.name)
    if (reason) return [reason]
  }
  return []
}

function linkReason(site: InnerSite, part: Document, doctype: string): string | null {
  for (const field of site.state.metas.get(part.doctype).links) {
    const value = part[field.fieldname]
    if (!value || field.ignore_user_permissions || !field.options) continue
    const allowed = userPermissionsFor(site, field.options, doctype)
    if (!allowed || allowed.names.has(String(value))) continue
    const place = part.parentfield ? `row ${part.idx}, field` : 'field'
    return `You are not allowed to access this ${part.doctype} record because it is linked to ${field.options} '${String(value)}' in ${place} ${field.label}`
  }
  return null
}
