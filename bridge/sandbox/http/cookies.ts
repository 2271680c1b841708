import type { SandboxHost } from './exchange.ts'

const TEN_DAYS = 10 * 24 * 3600

/** The cookies Frappe sets on sign-in; `sid` is hidden from scripts, the others are for pages. */
export function sessionCookies(host: SandboxHost, id: string, user: string): string[] {
  const row = host.site.state.store.table('User').get(user)
  const isSystem = row?.user_type === 'System User'
  return [
    `sid=${id}; HttpOnly; Max-Age=${TEN_DAYS}; Path=/; SameSite=Lax`,
    cookie('system_user', isSystem ? 'yes' : 'no'),
    cookie('full_name', String(row?.full_name ?? user)),
    cookie('user_id', user),
    cookie('user_image', String(row?.user_image ?? '')),
  ]
}

function cookie(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax`
}
