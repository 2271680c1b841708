import type { z } from 'zod'
import type { ApiRouter, AuthContext } from '../../http/index.ts'
import type { AccessTokens } from './access-token.ts'
import type { OAuthSignIn } from './oauth-sign-in.ts'
import type { MembershipPort, SignedIn } from './session-ports.ts'
import {
  exchangeBody,
  jwksSchema,
  meSchema,
  oauthCallbackQuery,
  oauthStartQuery,
  refreshBody,
  signedInSchema,
} from './schema.ts'
import { personOf, type SessionService } from './session-service.ts'
import type { SiteAccess } from './site-access.ts'
import { forgetState, rememberedState, rememberState } from './sign-in-cookie.ts'

export interface SessionRoutePorts {
  sessions: SessionService
  oauth: OAuthSignIn
  access: SiteAccess
  teams: MembershipPort
  tokens: AccessTokens
}

const tags = ['Session']

export function registerSessionRoutes(api: ApiRouter, ports: SessionRoutePorts): void {
  api.route({
    method: 'post',
    path: '/session/exchange',
    summary: 'Open a session with a grant of ERPNext',
    tags,
    auth: 'none',
    body: exchangeBody,
    response: { 200: signedInSchema },
    handler: async ({ body }) => withoutId(await exchange(ports, body)),
  })
  api.route({
    method: 'post',
    path: '/session/refresh',
    summary: 'Renew a session; each refresh token works once',
    tags,
    auth: 'none',
    body: refreshBody,
    response: { 200: signedInSchema },
    handler: async ({ body }) => withoutId(await ports.sessions.refresh(body.refresh_token)),
  })
  api.route({
    method: 'delete',
    path: '/session',
    summary: 'End this session',
    tags,
    auth: 'session',
    response: { 204: null },
    handler: ({ auth }) => ports.sessions.end(auth.credential_id),
  })
  api.route({
    method: 'get',
    path: '/me',
    summary: 'The person and team of this session',
    tags,
    auth: 'session',
    versioned: true,
    response: { 200: meSchema },
    handler: ({ auth }) => me(ports, auth),
  })
  registerOAuthRoutes(api, ports)
}

function registerOAuthRoutes(api: ApiRouter, ports: SessionRoutePorts): void {
  api.route({
    method: 'get',
    path: '/oauth/start',
    summary: 'Send the browser to ERPNext to sign in',
    tags,
    auth: 'none',
    query: oauthStartQuery,
    response: { 302: null },
    handler: async ({ query, res }) => {
      const { address, state } = await ports.oauth.start(query.return_to)
      rememberState(res, state, ports.oauth.isSecure)
      res.redirect(302, address)
    },
  })
  api.route({
    method: 'get',
    path: '/oauth/callback',
    summary: 'Where ERPNext sends the browser back to',
    tags,
    auth: 'none',
    query: oauthCallbackQuery,
    response: { 302: null },
    handler: async ({ query, req, res }) => {
      const address = await ports.oauth.finish(query, rememberedState(req))
      forgetState(res)
      res.redirect(302, address)
    },
  })
  api.route({
    method: 'get',
    path: '/jwks.json',
    summary: 'Public keys that session tokens are signed with',
    tags,
    auth: 'none',
    response: { 200: jwksSchema },
    handler: async () => ({ keys: [await ports.tokens.jwk()] }),
  })
}

function exchange(ports: SessionRoutePorts, body: z.infer<typeof exchangeBody>): Promise<SignedIn> {
  if ('code' in body) return ports.oauth.redeem(body.code)
  const credential =
    'access_token' in body
      ? { kind: 'bearer' as const, access_token: body.access_token }
      : { kind: 'api_key' as const, key: body.api_key, secret: body.api_secret }
  return ports.sessions.exchange({ credential, refresh_token: null })
}

async function me(ports: SessionRoutePorts, auth: AuthContext): Promise<z.infer<typeof meSchema>> {
  const identity = await ports.access.identity({ ...auth, session_id: auth.credential_id })
  const membership = await ports.teams.membership(auth.site_id, auth.person, auth.team_id)
  return {
    person: personOf(identity),
    team: { id: auth.team_id, name: membership?.team_name ?? '', role: auth.role },
    roles: identity.roles,
  }
}

function withoutId({ session_id: _id, ...signedIn }: SignedIn): z.infer<typeof signedInSchema> {
  return signedIn
}
