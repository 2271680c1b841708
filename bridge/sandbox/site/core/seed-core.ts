import type { SiteContext } from '../contract.ts'

const ROLES = [
  'Administrator',
  'All',
  'Guest',
  'Desk User',
  'System Manager',
  'Website Manager',
  'Report Manager',
]

/** What a fresh Frappe site has before any app is installed. Sample passwords are `admin`. */
export function seedCore(site: SiteContext): void {
  const quietly = { ignorePermissions: true, ignoreLinks: true, ignoreMandatory: true }
  for (const role of ROLES) addRole(site, role)
  site.insert({ doctype: 'Language', language_code: 'en', language_name: 'English' }, quietly)
  for (const type of ['System User', 'Website User']) {
    site.insert({ doctype: 'User Type', __newname: type, name: type, is_standard: 1 }, quietly)
  }
  addUser(site, 'Administrator', 'admin@example.com', 'admin')
  addUser(site, 'Guest', 'guest@example.com', null)
  const folder = { doctype: 'File', file_name: 'Home', is_folder: 1, is_home_folder: 1 }
  site.insert(folder, { ...quietly, setName: 'Home' })
}

function addRole(site: SiteContext, role: string): void {
  if (site.exists('Role', role)) return
  site.insert({ doctype: 'Role', role_name: role }, { ignorePermissions: true })
}

function addUser(site: SiteContext, name: string, email: string, password: string | null): void {
  site.insert(
    {
      doctype: 'User',
      email,
      first_name: name,
      user_type: name === 'Guest' ? 'Website User' : 'System User',
      language: 'en',
      ...(password ? { new_password: password } : {}),
    },
    { ignorePermissions: true, ignoreLinks: true, setName: name },
  )
}
