import { fold } from '../collation.ts'
import type { Document } from '../contract.ts'
import { allChildren } from '../documents.ts'
import type { InnerSite, SiteState } from '../inner-site.ts'
import type { Meta } from '../metas.ts'
import { descendantsOf } from '../tree.ts'

interface Allowed {
  name: string
  applicableFor: string | null
  isDefault: boolean
}

/** Names of one doctype a user is confined to, as they apply to one doctype. */
export interface AllowedNames {
  names: ReadonlySet<string>
  defaultName: string | null
}

interface Memo {
  version: string
  byUser: Map<string, Map<string, Allowed[]>>
}

const memos = new WeakMap<SiteState, Memo>()

/** The names of `allow` this user may see where `doctype` is concerned; null when unrestricted. */
export function userPermissionsFor(
  site: InnerSite,
  allow: string,
  doctype: string,
): AllowedNames | null {
  const rules = rulesOf(site, site.user).get(allow)
  if (!rules) return null
  const applicable = rules.filter((rule) => !rule.applicableFor || rule.applicableFor === doctype)
  if (applicable.length === 0) return null
  const preferred = applicable.find((rule) => rule.isDefault)
  const only = rules.length === 1 ? rules[0] : undefined
  return {
    names: new Set(applicable.map((rule) => rule.name)),
    defaultName: (preferred ?? only)?.name ?? null,
  }
}

/** Whether a document passes by its own name and by every link in it and in its child rows. */
export function passesUserPermissions(site: InnerSite, document: Document, meta: Meta): boolean {
  if (rulesOf(site, site.user).size === 0) return true
  const own = userPermissionsFor(site, meta.name, meta.name)
  if (own && !own.names.has(document.name)) return false
  return [document, ...allChildren(document, meta)].every((part) => linksPass(site, part, meta))
}

function linksPass(site: InnerSite, part: Document, parentMeta: Meta): boolean {
  return site.state.metas.get(part.doctype).links.every((field) => {
    const value = part[field.fieldname]
    if (!value || field.ignore_user_permissions || !field.options) return true
    const allowed = userPermissionsFor(site, field.options, parentMeta.name)
    return !allowed || allowed.names.has(String(value))
  })
}

function rulesOf(site: InnerSite, user: string): Map<string, Allowed[]> {
  if (!user || user === 'Administrator' || user === 'Guest') return new Map()
  const memo = currentMemo(site.state)
  let rules = memo.byUser.get(user)
  if (!rules) {
    rules = readRules(site, user)
    memo.byUser.set(user, rules)
  }
  return rules
}

/** Trees may change too, so every table with rules on a tree counts; the whole is cheap to redo. */
function currentMemo(state: SiteState): Memo {
  const table = state.store.table('User Permission')
  const trees = new Set([...table.rows()].map((row) => String(row.allow)))
  const versions = [...trees].map((doctype) => state.store.table(doctype).version)
  const version = [table.version, ...versions].join('.')
  let memo = memos.get(state)
  if (memo?.version !== version) {
    memo = { version, byUser: new Map() }
    memos.set(state, memo)
  }
  return memo
}

function readRules(site: InnerSite, user: string): Map<string, Allowed[]> {
  const rules = new Map<string, Allowed[]>()
  for (const row of site.state.store.table('User Permission').rows()) {
    if (fold(String(row.user)) !== fold(user)) continue
    const allow = String(row.allow)
    const applicableFor = row.applicable_for ? String(row.applicable_for) : null
    const list = rules.get(allow) ?? []
    rules.set(allow, list)
    list.push({ name: String(row.for_value), applicableFor, isDefault: Boolean(row.is_default) })
    if (row.hide_descendants || !site.state.metas.get(allow).isTree) continue
    for (const name of descendantsOf(site.state, allow, String(row.for_value))) {
      list.push({ name, applicableFor, isDefault: false })
    }
  }
  return rules
}
