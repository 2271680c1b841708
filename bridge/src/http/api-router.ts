import { Router, type NextFunction, type Request, type Response } from 'express'
import type { z } from 'zod'
import { StewardError } from '../shared/errors.ts'
import { roleAtLeast, type AuthContext, type Authenticator, type TeamRole } from './auth-context.ts'
import { answerOnce, type KeptAnswers } from './idempotency/index.ts'
import type { PersonLimit } from './person-limit.ts'
import { clientSignal, requestLogger } from './request-context.ts'
import { isKnownVersion, requireVersion } from './resource-version.ts'
import type { Logger } from '../platform/telemetry/index.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Authentication = 'session' | 'api_key' | 'none'

/** What a handler gets: everything parsed, nothing of express unless it streams. */
export interface RouteContext<P, Q, B, A extends Authentication> {
  params: P
  query: Q
  body: B
  auth: A extends 'none' ? null : AuthContext
  request_id: string
  logger: Logger
  /** Aborted when the client leaves. */
  signal: AbortSignal
  req: Request
  res: Response
  /** Throws `precondition_failed` when the caller's If-Match names another version than `current`. */
  requireVersion(current: unknown): void
}

/** One endpoint: its validation, its documentation and its handler in one place. */
export interface RouteDefinition<P, Q, B, A extends Authentication> {
  method: Method
  /** Path under the API's prefix in OpenAPI's form: `/requests/{id}`. */
  path: string
  summary: string
  tags: string[]
  auth: A
  /** Weakest team role that may call; default viewer. */
  role?: TeamRole
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  body?: z.ZodType<B>
  /** Schema by status; the lowest 2xx is what a returned value is sent with. `null`: no body. */
  response: Record<number, z.ZodType | null>
  /** Media type when it is not JSON, e.g. `text/event-stream`. */
  responseType?: string
  /** Its answer carries an ETag; a GET answers If-None-Match, an edit calls `requireVersion`. */
  versioned?: boolean
  /** A POST that is not done again when it is repeated with the same Idempotency-Key. */
  idempotent?: boolean
  /** Return the body, or write to `res` and return nothing. */
  handler: (context: RouteContext<P, Q, B, A>) => Promise<unknown>
}

export type AnyRoute = RouteDefinition<unknown, unknown, unknown, Authentication>

/** Collects endpoints; features call `route`, the app mounts `router` and documents `routes`. */
export class ApiRouter {
  readonly routes: AnyRoute[] = []
  readonly router: Router = Router()
  /** Endpoints without parameters, by path and method: found at once, whatever their number. */
  readonly #fixed = new Map<string, AnyRoute>()
  readonly #authenticators: Record<'session' | 'api_key', Authenticator>
  readonly #limit: PersonLimit
  readonly #kept: KeptAnswers | null

  /** Without `kept` an Idempotency-Key has no effect beyond what a route does with it itself. */
  constructor(
    authenticators: Record<'session' | 'api_key', Authenticator>,
    limit: PersonLimit,
    kept: KeptAnswers | null = null,
  ) {
    this.#authenticators = authenticators
    this.#limit = limit
    this.#kept = kept
    this.router.use((req, res, next) => this.#serveFixed(req, res, next))
  }

  route<P = Record<string, never>, Q = unknown, B = unknown, A extends Authentication = 'session'>(
    definition: RouteDefinition<P, Q, B, A>,
  ): void {
    const route = definition as unknown as AnyRoute
    this.routes.push(route)
    const path = definition.path.replaceAll(/\{(\w+)\}/g, ':$1')
    this.router[definition.method](path, (req, res) => this.#serve(route, req, res))
    if (path === definition.path) this.#fixed.set(`${path} ${definition.method}`, route)
  }

  #serveFixed(req: Request, res: Response, next: NextFunction): void | Promise<void> {
    const route = this.#fixed.get(`${req.path} ${req.method.toLowerCase()}`)
    if (!route) return next()
    res.locals.route = route.path
    return this.#serve(route, req, res)
  }

  async #serve(route: AnyRoute, req: Request, res: Response): Promise<void> {
    const auth = route.auth === 'none' ? null : await this.#authenticate(route, req)
    await this.#limit(auth, req, res)
    const context: RouteContext<unknown, unknown, unknown, Authentication> = {
      params: route.params?.parse(req.params) ?? req.params,
      query: route.query?.parse(req.query) ?? req.query,
      body: route.body ? route.body.parse(req.body ?? {}) : undefined,
      auth: auth as AuthContext,
      request_id: res.locals.request_id as string,
      get logger() {
        return requestLogger(res)
      },
      signal: clientSignal(res),
      req,
      res,
      requireVersion: (current) => requireVersion(req, current),
    }
    const result = await this.#answer(route, auth, context)
    if (route.versioned && result !== undefined && isKnownVersion(req, res, result)) return
    send(route, res, result)
  }

  #answer(
    route: AnyRoute,
    auth: AuthContext | null,
    context: RouteContext<unknown, unknown, unknown, Authentication>,
  ): Promise<unknown> {
    const run = () => route.handler(context)
    if (!route.idempotent || !auth || !this.#kept) return run()
    return answerOnce(this.#kept, auth, { ...context, status: successStatus(route) }, run)
  }

  async #authenticate(route: AnyRoute, req: Request): Promise<AuthContext> {
    const auth = await this.#authenticators[route.auth as 'session' | 'api_key'](req)
    if (!roleAtLeast(auth.role, route.role ?? 'viewer')) {
      throw new StewardError(
        'forbidden',
        `This needs the team role ${route.role}; yours is ${auth.role}.`,
      )
    }
    return auth
  }
}

function send(route: AnyRoute, res: Response, result: unknown): void {
  if (res.headersSent || res.writableEnded) return
  const status = res.statusCode === 200 ? successStatus(route) : res.statusCode
  if (result === undefined) return void res.status(status === 200 ? 204 : status).end()
  res.status(status).setHeader('Content-Type', 'application/json; charset=utf-8')
  // Left to Node, which knows the length and writes head and body at once.
  res.end(JSON.stringify(result))
}

function successStatus(route: AnyRoute): number {
  const statuses = Object.keys(route.response).map(Number)
  return Math.min(...statuses.filter((status) => status >= 200 && status < 300))
}
