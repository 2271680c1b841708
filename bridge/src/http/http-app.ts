import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import helmet from 'helmet'
import { StewardError } from '../shared/errors.ts'
import type { Logger, Metrics } from '../platform/telemetry/index.ts'
import type { ApiRouter } from './api-router.ts'
import { cors } from './cors.ts'
import { docsRouter, openApiDocument } from './openapi.ts'
import { sendProblem } from './problem.ts'
import { logsDebug, requestContext, requestLogger } from './request-context.ts'

export interface HttpAppOptions {
  api: ApiRouter
  version: string
  logger: Logger
  metrics: Metrics
  allowedOrigins: ReadonlySet<string>
  /** Why the bridge cannot serve now; empty when it can. */
  readiness: () => Promise<string[]>
}

const BODY_LIMIT = '10mb'

/** Express with everything around the endpoints: ids, limits, CORS, health, metrics, docs, problems. */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', 'loopback')
  app.set('etag', false)
  app.use(requestContext(options.logger))
  app.use(measure(options.metrics))
  app.use(helmet({ crossOriginResourcePolicy: { policy: 'cross-origin' } }))
  app.use(cors(options.allowedOrigins))
  registerHealth(app, options)
  app.use(express.json({ limit: BODY_LIMIT }))
  app.use('/v1', options.api.router)
  app.use((req: Request) => {
    throw new StewardError('not_found', `There is nothing at ${req.method} ${req.path}.`)
  })
  app.use(sendProblem)
  return app
}

function registerHealth(app: Express, options: HttpAppOptions): void {
  let document: object | null = null
  app.get('/healthz', (_req, res) => res.json({ status: 'ok', version: options.version }))
  app.get('/readyz', async (_req, res) => {
    const reasons = await options.readiness()
    res.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons })
  })
  app.get('/metrics', async (_req, res) => {
    res.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics())
  })
  app.get('/v1/openapi.json', (_req, res) => {
    document ??= openApiDocument(options.api.routes, options.version)
    res.json(document)
  })
  app.use('/docs', docsRouter())
}

function measure(metrics: Metrics) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const start = performance.now()
    res.on('finish', () => {
      const seconds = (performance.now() - start) / 1000
      const route = res.locals.route ?? req.route?.path ?? 'other'
      metrics.httpDuration.observe({ method: req.method, route, status: res.statusCode }, seconds)
      if (!logsDebug(res)) return
      requestLogger(res).debug(
        { method: req.method, route, status: res.statusCode, seconds },
        'http request',
      )
    })
    next()
  }
}
