import type { KeyObject } from 'node:crypto'
import type { ApiRouter, Authenticator } from '../../http/index.ts'
import { auditMigration } from '../../platform/audit/index.ts'
import type { Fanout } from '../../platform/cache/index.ts'
import type { Sealer } from '../../platform/crypto/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { SiteClient } from '../../platform/frappe/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import { AccessTokens } from './access-token.ts'
import { sessionMigration } from './migrations/2026-11-24-020-session.ts'
import { OAuthSignIn } from './oauth-sign-in.ts'
import { OpenSessions } from './open-sessions.ts'
import { registerSessionRoutes } from './routes.ts'
import { SessionAuthenticator } from './session-authenticator.ts'
import type { MembershipPort } from './session-ports.ts'
import { SessionService } from './session-service.ts'
import { SiteAccess } from './site-access.ts'

export type { SiteAccess } from './site-access.ts'

export const sessionMigrations = [auditMigration, sessionMigration]

export interface SessionPorts {
  database: Database
  /** Tells the other replicas what happened to a session. */
  fanout: Fanout
  site: SiteClient
  siteId: string
  service: { key: string; secret: string } | null
  teams: MembershipPort
  sealer: Sealer
  signingKey: KeyObject
  clock: Clock
  ids: Ids
  allowedOrigins: ReadonlySet<string>
  publicUrl: () => string
}

export interface SessionFeature {
  authenticate: Authenticator
  access: SiteAccess
  registerRoutes(api: ApiRouter): void
}

export function createSessionFeature(ports: SessionPorts): SessionFeature {
  const tokens = new AccessTokens(ports.signingKey, ports.clock)
  const open = new OpenSessions(ports)
  const sessions = new SessionService({ ...ports, tokens, open })
  const access = new SiteAccess({ ...ports, open })
  const authenticator = new SessionAuthenticator({ ...ports, tokens, open, access })
  const oauth = new OAuthSignIn({ ...ports, sessions })
  return {
    authenticate: authenticator.authenticate,
    access,
    registerRoutes: (api) =>
      registerSessionRoutes(api, {
        sessions,
        oauth,
        access,
        teams: ports.teams,
        tokens,
      }),
  }
}
