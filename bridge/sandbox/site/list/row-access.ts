import type { Document } from '../contract.ts'
import { notPermitted } from '../errors.ts'
import type { InnerSite } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import { rolePermissions } from '../permissions/role-permissions.ts'
import { sharedNames } from '../permissions/shares.ts'
import { userPermissionsFor } from '../permissions/user-permissions.ts'
import type { Row } from '../table.ts'

type RowTest = (row: Row) => boolean

/** Which rows of a list a user sees; throws when the doctype itself is closed. */
export function rowAccess(site: InnerSite, meta: Meta, parent: string | undefined): RowTest {
  if (site.user === 'Administrator') return () => true
  if (meta.isTable) return childAccess(site, meta, parent)
  const { rights, ifOwner } = rolePermissions(site, meta)
  const shared = sharedNames(site, meta.name, 'read')
  if (!rights.has('read') && !rights.has('select')) {
    if (shared.size === 0) throw refusal(site, meta.name)
    return (row) => shared.has(String(row.name))
  }
  const restricted = ifOwner?.has('read') ? ownRows(site) : permittedRows(site, meta)
  const byController = controllerRows(site, meta)
  if (!restricted) return byController
  return (row) => (restricted(row) && byController(row)) || shared.has(String(row.name))
}

/** Lists of child rows ask only for the parent doctype, which has to be named. */
function childAccess(site: InnerSite, meta: Meta, parent: string | undefined): RowTest {
  const isParent =
    parent !== undefined &&
    site.state.metas.has(parent) &&
    site.state.metas.get(parent).tables.some((field) => field.options === meta.name)
  if (!isParent || !site.hasPermission(parent, 'read')) throw refusal(site, meta.name)
  return () => true
}

function refusal(site: InnerSite, doctype: string) {
  return notPermitted(
    `User <strong>${site.user}</strong> does not have doctype access via role permission for document <strong>${doctype}</strong>`,
    doctype,
  )
}

function ownRows(site: InnerSite): RowTest {
  return (row) => row.owner === site.user
}

/** User permissions on the document's own name and on each of its links; empty links pass. */
function permittedRows(site: InnerSite, meta: Meta): RowTest | null {
  const own = { fieldname: 'name', options: meta.name, ignore_user_permissions: 0 }
  const tests: RowTest[] = []
  for (const field of [...meta.links, own]) {
    if (field.ignore_user_permissions || !field.options) continue
    const allowed = userPermissionsFor(site, field.options, meta.name)
    if (!allowed) continue
    tests.push((row) => {
      const value = row[field.fieldname]
      return value === null || value === '' || allowed.names.has(String(value))
    })
  }
  return tests.length ? (row) => tests.every((test) => test(row)) : null
}

function controllerRows(site: InnerSite, meta: Meta): RowTest {
  const controllers = site.state.controllersOf(meta.name).filter((hooks) => hooks.hasPermission)
  if (controllers.length === 0) return () => true
  return (row) => {
    const document = { doctype: meta.name, ...row } as unknown as Document
    return controllers.every((hooks) => hooks.hasPermission?.(document, 'read', site))
  }
}
