import type { SiteContext } from '../../site/contract.ts'
import { doctypes } from '../doctypes/index.ts'
import { COMPANY, put } from './ground.ts'
import { SAMPLE_USERS } from './users.ts'

/** Every role that a rule names. */
export function seedRoles(site: SiteContext): void {
  const named = doctypes.flatMap((doctype) => doctype.permissions.map((rule) => rule.role))
  const given = SAMPLE_USERS.flatMap((user) => user.roles)
  for (const role of new Set([...named, ...given])) {
    put(site, 'Role', { name: role, role_name: role, desk_access: 1 })
  }
}

/** The people, with their passwords, roles and what each is restricted to. */
export function seedPeople(site: SiteContext): void {
  for (const user of SAMPLE_USERS) {
    put(site, 'User', {
      email: user.email,
      first_name: user.firstName,
      last_name: user.lastName,
      enabled: 1,
      user_type: 'System User',
      language: 'en',
      new_password: user.password,
      send_welcome_email: 0,
      roles: ['Desk User', ...user.roles].map((role) => ({ role })),
    })
    for (const { allow, value } of user.restrictedTo ?? []) {
      const values = { user: user.email, allow, for_value: value, apply_to_all_doctypes: 1 }
      put(site, 'User Permission', values)
    }
  }
  put(site, 'Employee', {
    first_name: 'Nadia',
    last_name: 'Owens',
    gender: 'Female',
    date_of_birth: '1984-05-17',
    date_of_joining: '2019-02-01',
    status: 'Active',
    company: COMPANY,
    user_id: 'nadia@example.com',
  })
}
