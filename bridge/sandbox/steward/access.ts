import type { SiteContext } from '../site/contract.ts'
import { SiteError } from '../site/index.ts'

const USER = 'Steward User'
export const MANAGER = 'Steward Manager'
export const BRIDGE = 'Steward Bridge'
export const STEWARD_ROLES = [USER, MANAGER, BRIDGE]

/** An enabled desk user, on a site where Steward is on. */
export function requirePerson(site: SiteContext): void {
  const user = site.exists('User', site.user) ? site.getDoc('User', site.user) : null
  if (!user?.enabled || user.user_type !== 'System User') {
    throw new SiteError('PermissionError', 'Only enabled desk users can use Steward.')
  }
  if (!site.getSingle('Steward Settings').enabled) {
    throw new SiteError('PermissionError', 'Steward is switched off on this site.')
  }
}

export function mayApprove(site: SiteContext): boolean {
  return site.roles.has(USER) || site.roles.has(MANAGER)
}

export function requireApprover(site: SiteContext): void {
  requirePerson(site)
  if (mayApprove(site)) return
  throw new SiteError(
    'PermissionError',
    `You need the role <strong>${USER}</strong> to approve, reject or undo changes.`,
  )
}

export function seesEverybody(site: SiteContext): boolean {
  return [MANAGER, BRIDGE, 'System Manager'].some((role) => site.roles.has(role))
}

export const NOT_AN_APPROVER = `You need the role ${USER} to approve, reject or undo changes.`
