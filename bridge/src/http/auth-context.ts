import type { Request } from 'express'

/** Roles of a team, weakest first. */
export const TEAM_ROLES = ['viewer', 'user', 'manager', 'admin', 'owner'] as const
export type TeamRole = (typeof TEAM_ROLES)[number]

/** Who calls, decided before any handler runs. */
export interface AuthContext {
  kind: 'session' | 'api_key'
  site_id: string
  team_id: string
  /** The ERPNext user. */
  person: string
  role: TeamRole
  /** Session id, or API key id. */
  credential_id: string
  /** Scopes of an API key; a session has all. */
  scopes: string[] | null
}

/** Turns a request's credentials into a caller, or throws `unauthenticated`. */
export type Authenticator = (req: Request) => Promise<AuthContext>

/** True when `role` may do what `minimum` may. */
export function roleAtLeast(role: TeamRole, minimum: TeamRole): boolean {
  return TEAM_ROLES.indexOf(role) >= TEAM_ROLES.indexOf(minimum)
}
