import { z } from 'zod'
import { decodeCursor, encodeCursor, pageOf, pageQuery, type ApiRouter } from '../../http/index.ts'
import { ModelFailure, type ModelPort } from '../../platform/models/index.ts'
import { isStewardError } from '../../shared/errors.ts'
import { API_KEY_SCOPES, type ApiKeys } from './api-key-service.ts'

const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  person: z.string(),
  scopes: z.array(z.string()),
  requests_per_minute: z.int(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
})

const newKeySchema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(API_KEY_SCOPES)).min(1).default(['chat']),
  requests_per_minute: z.int().min(1).max(1_000_000).default(60),
  expires_at: z.coerce.date().nullish(),
})

/** Team API keys; only admins make and revoke them. */
export function registerKeyRoutes(api: ApiRouter, keys: ApiKeys): void {
  api.route({
    method: 'get',
    path: '/api-keys',
    summary: "The team's API keys, newest first, without their secrets",
    tags: ['gateway'],
    auth: 'session',
    versioned: true,
    role: 'admin',
    query: pageQuery,
    response: { 200: pageOf(keySchema) },
    handler: async ({ auth, query: { cursor, limit } }) => {
      const before = cursor === undefined ? null : (decodeCursor(cursor, 1)[0] ?? null)
      const found = await keys.list(auth, { before, limit: limit + 1 })
      const last = found.length > limit ? found[limit - 1] : undefined
      return {
        data: found.slice(0, limit).map(shownKey),
        next_cursor: last ? encodeCursor([last.id]) : null,
      }
    },
  })
  api.route({
    method: 'post',
    path: '/api-keys',
    summary: 'Make an API key; the answer is the only time its secret is shown',
    tags: ['gateway'],
    auth: 'session',
    idempotent: true,
    role: 'admin',
    body: newKeySchema,
    response: { 201: keySchema.extend({ token: z.string() }) },
    handler: async ({ auth, body }) => {
      const made = await keys.create(auth, { ...body, expires_at: body.expires_at ?? null })
      return { ...shownKey(made.key), token: made.token }
    },
  })
  api.route({
    method: 'delete',
    path: '/api-keys/{id}',
    summary: 'Revoke an API key; it stops within seconds everywhere',
    tags: ['gateway'],
    auth: 'session',
    role: 'admin',
    params: z.object({ id: z.string() }),
    response: { 204: null },
    handler: async ({ auth, params }) => keys.revoke(auth, params.id),
  })
}

function shownKey(key: Awaited<ReturnType<ApiKeys['list']>>[number]) {
  return {
    id: key.id,
    name: key.name,
    person: key.person,
    scopes: key.scopes,
    requests_per_minute: key.requests_per_minute,
    expires_at: key.expires_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null,
    last_used_at: key.last_used_at?.toISOString() ?? null,
    created_at: key.created_at.toISOString(),
  }
}

const TEST_MS = 10_000

/** Tries a provider's key and address before they are saved. Nothing of it is kept. */
export function registerProviderTest(api: ApiRouter, models: ModelPort): void {
  api.route({
    method: 'post',
    path: '/model-providers/test',
    summary: 'Try a model provider before saving it; lists its models',
    tags: ['gateway'],
    auth: 'session',
    role: 'admin',
    body: z.object({
      kind: z.enum(['openai', 'anthropic', 'xai', 'openai_compatible']),
      base_url: z.url().nullish(),
      api_key: z.string().max(500).nullish(),
    }),
    response: {
      200: z.object({
        ok: z.boolean(),
        models: z.array(z.string()),
        error: z.object({ kind: z.string(), message: z.string() }).nullable(),
      }),
    },
    handler: async ({ body, signal }) => {
      const connection = {
        name: 'The provider',
        kind: body.kind,
        base_url: body.base_url ?? null,
        api_key: body.api_key ?? null,
      }
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TEST_MS)])
      try {
        return { ok: true, error: null, ...(await models.check(connection, limit)) }
      } catch (error) {
        if (!isStewardError(error)) throw error
        const kind = error instanceof ModelFailure ? error.kind : error.code
        const late = kind === 'cancelled' && !signal.aborted
        const message = late ? 'The provider did not answer within ten seconds.' : error.message
        return { ok: false, models: [], error: { kind: late ? 'connect' : kind, message } }
      }
    },
  })
}
