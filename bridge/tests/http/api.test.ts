import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { z } from 'zod'
import {
  ApiRouter,
  closeServer,
  createHttpApp,
  listen,
  personLimit,
  type TeamRole,
} from '../../src/http/index.ts'
import { openSharedState } from '../../src/platform/cache/index.ts'
import { createMetrics } from '../../src/platform/telemetry/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { StewardError } from '../../src/shared/errors.ts'

const PER_MINUTE = 20
let server: Server
let url: string
let ready: string[] = []

beforeAll(async () => {
  const state = openSharedState(null, systemClock)
  const authenticate = async (req: { get(name: string): string | undefined }) => {
    const [person, role] = (req.get('Authorization') ?? '').replace('Bearer ', '').split(':')
    if (!person) throw new StewardError('unauthenticated', 'Sign in first.')
    return {
      kind: 'session' as const,
      site_id: 'site',
      team_id: 'team',
      person,
      role: (role ?? 'user') as TeamRole,
      credential_id: 'ses_1',
      scopes: null,
    }
  }
  const api = new ApiRouter(
    { session: authenticate, api_key: authenticate },
    personLimit(state.limiter('person', PER_MINUTE, 60), PER_MINUTE),
  )
  addRoutes(api)
  server = createServer(
    createHttpApp({
      api,
      version: '9.9.9',
      logger: pino({ level: 'silent' }),
      metrics: createMetrics(),
      allowedOrigins: new Set(['https://erp.example']),
      readiness: async () => ready,
    }),
  )
  url = await listen(server, 0, '127.0.0.1')
})
afterAll(() => closeServer(server, 0))

function addRoutes(api: ApiRouter): void {
  api.route({
    method: 'post',
    path: '/things/{id}',
    summary: 'Make a thing',
    tags: ['Things'],
    auth: 'session',
    role: 'manager',
    params: z.object({ id: z.string().max(5) }),
    body: z.object({ amount: z.number().positive() }),
    response: { 201: z.object({ id: z.string(), amount: z.number() }) },
    handler: async ({ params, body }) => ({ id: params.id, amount: body.amount }),
  })
  api.route({
    method: 'get',
    path: '/broken',
    summary: 'Fail in an unexpected way',
    tags: ['Things'],
    auth: 'none',
    response: { 204: null },
    handler: async () => {
      throw new Error('password=hunter2 in an inner message')
    },
  })
}

function call(path: string, init: RequestInit = {}, who = 'ann:manager'): Promise<Response> {
  return fetch(`${url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${who}`,
      'content-type': 'application/json',
      ...init.headers,
    },
  })
}

describe('an endpoint', () => {
  it('answers with its documented status and a request id', async () => {
    const answer = await call('/v1/things/a1', { method: 'POST', body: '{"amount": 3}' })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ id: 'a1', amount: 3 })
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })

  it('names the field that is wrong', async () => {
    const answer = await call('/v1/things/a1', { method: 'POST', body: '{"amount": -1}' })
    expect(answer.status).toBe(400)
    const problem = (await answer.json()) as { details: { issues: { path: string }[] } }
    expect(problem.details.issues[0]?.path).toBe('amount')
  })

  it('refuses malformed JSON and too much of it with a clear problem', async () => {
    const malformed = await call('/v1/things/a1', { method: 'POST', body: '{"amount":' })
    expect(await malformed.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    const large = await call('/v1/things/a1', {
      method: 'POST',
      body: JSON.stringify({ amount: 1, pad: 'x'.repeat(11_000_000) }),
    })
    expect(await large.json()).toMatchObject({ status: 413, code: 'payload_too_large' })
  })

  it('refuses a weaker role than it needs', async () => {
    const answer = await call(
      '/v1/things/a1',
      { method: 'POST', body: '{"amount": 1}' },
      'ben:user',
    )
    expect(await answer.json()).toMatchObject({ status: 403, code: 'forbidden' })
  })

  it('says nothing of the inside when it fails', async () => {
    const answer = await call('/v1/broken')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toContain('hunter2')
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' })
  })

  it('answers an unknown path with a problem, not with a page', async () => {
    const answer = await call('/v1/nowhere')
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found' })
  })

  it('counts calls per person and says when to go on', async () => {
    const body = { method: 'POST', body: '{"amount": 1}' }
    const answers = []
    for (let i = 0; i <= PER_MINUTE; i += 1)
      answers.push(await call('/v1/things/a1', body, 'cam:manager'))
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"person";r=19;t=\d+$/)
    const last = answers.at(-1)
    expect(last?.status).toBe(429)
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await call('/v1/things/a1', body, 'dee:manager')).status).toBe(201)
  })
})

describe('around the endpoints', () => {
  it('describes itself in OpenAPI 3.1 from the same schemas', async () => {
    const document = (await (await call('/v1/openapi.json')).json()) as {
      openapi: string
      info: { version: string }
      paths: Record<
        string,
        Record<string, { security?: unknown; responses: Record<string, unknown> }>
      >
    }
    expect(document.openapi).toBe('3.1.0')
    expect(document.info.version).toBe('9.9.9')
    const operation = document.paths['/v1/things/{id}']?.post
    expect(operation?.security).toEqual([{ session: [] }])
    expect(Object.keys(operation?.responses ?? {})).toEqual(['201', 'default'])
  })

  it('serves readable documentation without a resource from elsewhere', async () => {
    const page = await (await fetch(`${url}/docs/`)).text()
    expect(page).toContain('swagger-ui')
    expect(page).not.toMatch(/(?:src|href)="https?:/)
  })

  it('is ready until it says why not', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    ready = ['database does not answer']
    const answer = await fetch(`${url}/readyz`)
    ready = []
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ ready: false, reasons: ['database does not answer'] })
  })

  it('counts its requests for Prometheus by route, not by address', async () => {
    await call('/v1/things/zz', { method: 'POST', body: '{"amount": 1}' }, 'eve:manager')
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('route="/things/:id"')
    expect(metrics).not.toContain('/things/zz')
  })

  it('allows exactly the listed origins', async () => {
    const allowed = await call('/healthz', { headers: { origin: 'https://erp.example' } })
    const other = await call('/healthz', { headers: { origin: 'https://erp.example.evil' } })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://erp.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})
