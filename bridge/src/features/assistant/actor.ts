import type { AuthContext } from '../../http/index.ts'
import type { Actor } from './ports.ts'

export { idempotencyKeyOf } from '../../http/index.ts'

export function actorOf(auth: AuthContext): Actor {
  return {
    site_id: auth.site_id,
    team_id: auth.team_id,
    person: auth.person,
    role: auth.role,
    session_id: auth.kind === 'session' ? auth.credential_id : null,
  }
}
