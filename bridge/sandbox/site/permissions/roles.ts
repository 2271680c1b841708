import type { SiteState } from '../inner-site.ts'

interface RolesMemo {
  version: string
  roles: Map<string, ReadonlySet<string>>
}

const memos = new WeakMap<SiteState, RolesMemo>()

/** Roles of a user, with Frappe's automatic ones. Administrator has all. */
export function rolesOf(state: SiteState, user: string): ReadonlySet<string> {
  if (!user || user === 'Guest') return new Set(['Guest'])
  const memo = currentMemo(state)
  let roles = memo.roles.get(user)
  if (!roles) {
    roles = user === 'Administrator' ? allRoles(state) : assignedRoles(state, user)
    memo.roles.set(user, roles)
  }
  return roles
}

/** Remembered until one of the three tables changes. */
function currentMemo(state: SiteState): RolesMemo {
  const tables = ['Role', 'Has Role', 'User'].map((doctype) => state.store.table(doctype))
  const version = tables.map((table) => table.version).join('.')
  let memo = memos.get(state)
  if (memo?.version !== version) {
    memo = { version, roles: new Map() }
    memos.set(state, memo)
  }
  return memo
}

function allRoles(state: SiteState): ReadonlySet<string> {
  const names = [...state.store.table('Role').rows()].map((row) => String(row.name))
  return new Set([...names, 'All', 'Guest', 'Desk User', 'Administrator'])
}

function assignedRoles(state: SiteState, user: string): ReadonlySet<string> {
  const rows = state.store.table('Has Role').children('User', user, 'roles')
  const roles = new Set([...rows.map((row) => String(row.role)), 'All', 'Guest'])
  const account = state.store.table('User').get(user)
  if (account?.user_type === 'System User') roles.add('Desk User')
  return roles
}
