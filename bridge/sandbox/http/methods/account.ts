import { isLoginPassword, SiteError } from '../../site/index.ts'
import type { Call, HttpMethod, SandboxHost } from '../exchange.ts'
import { sessionCookies } from '../cookies.ts'
import { FRAPPE_VERSION } from '../versions.ts'

/** Sign-in, sign-out and who one is. */
export const accountMethods: HttpMethod[] = [
  { name: 'login', allowGuest: true, run: logIn },
  { name: 'logout', allowGuest: true, run: logOut },
  { name: 'ping', allowGuest: true, run: () => 'pong' },
  { name: 'frappe.ping', allowGuest: true, run: () => 'pong' },
  { name: 'version', allowGuest: true, run: () => FRAPPE_VERSION },
  { name: 'frappe.auth.get_logged_user', run: ({ site }) => site.user },
  {
    name: 'frappe.core.doctype.user.user.generate_keys',
    methods: ['POST'],
    run: generateKeys,
  },
]

function logIn(call: Call): unknown {
  const { host, args, reply } = call
  const user = findUser(host, String(args.usr ?? args.user ?? ''))
  const password = String(args.pwd ?? args.password ?? '')
  if (!user?.enabled || !isLoginPassword(host.site.state, user.name, password)) {
    reply.extra.message =
      user && !user.enabled ? 'User disabled or missing' : 'Invalid login credentials'
    throw new SiteError('AuthenticationError', '', { silent: true })
  }
  const session = host.sessions.start(user.name)
  reply.cookies = sessionCookies(host, session.id, user.name)
  reply.extra = { home_page: user.isSystem ? '/apps' : '/me', full_name: user.fullName }
  return user.isSystem ? 'Logged In' : 'No App'
}

interface Account {
  name: string
  enabled: boolean
  isSystem: boolean
  fullName: string
}

function findUser(host: SandboxHost, login: string): Account | null {
  const row = host.site.state.store.table('User').get(login)
  if (!row || row.name === 'Guest') return null
  return {
    name: String(row.name),
    enabled: row.enabled === 1,
    isSystem: row.user_type === 'System User',
    fullName: String(row.full_name ?? row.name),
  }
}

/** The hook `on_logout` of each app runs, so that grants bound to the session end with it. */
function logOut(call: Call): unknown {
  const { host, site, reply } = call
  const id = site.identity.session_id
  if (id) {
    for (const app of host.site.apps) app.onLogout?.(site, id)
    host.sessions.end(id)
  }
  reply.commit = true
  reply.cookies = sessionCookies(host, 'Guest', 'Guest')
  reply.extra = { home_page: '/login', full_name: 'Guest' }
  return 'No App'
}

/** Every call makes a new secret; the key stays. */
function generateKeys(call: Call): unknown {
  const { site, args } = call
  if (!site.roles.has('System Manager')) throw new SiteError('PermissionError', 'Not Permitted')
  const user = site.getDoc('User', String(args.user))
  const secret = call.host.newSecret()
  user.api_key ||= call.host.newSecret()
  user.api_secret = secret
  site.save(user)
  return { api_secret: secret }
}
