import type { Request } from 'express'
import type { AuthContext } from '../../http/index.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Actor } from './ports.ts'

export function actorOf(auth: AuthContext): Actor {
  return {
    site_id: auth.site_id,
    team_id: auth.team_id,
    person: auth.person,
    role: auth.role,
    session_id: auth.kind === 'session' ? auth.credential_id : null,
  }
}

const KEY = /^[\x21-\x7e]{8,200}$/

/** The caller's Idempotency-Key, if it sent one. */
export function idempotencyKeyOf(req: Request): string | null {
  const key = req.get('Idempotency-Key')
  if (key === undefined) return null
  if (KEY.test(key)) return key
  throw new StewardError(
    'invalid_request',
    'An Idempotency-Key has 8 to 200 printable characters without spaces.',
  )
}
