import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import express, { Router } from 'express'
import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import type { AnyRoute } from './api-router.ts'

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem; `code` is stable.' })

/** OpenAPI 3.1 document of all routes, made from the same schemas that validate them. */
export function openApiDocument(routes: AnyRoute[], version: string): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = `/v1${route.path}`
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Steward',
      version,
      description: 'Ask, propose, approve, apply and undo work in ERPNext.',
    },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        api_key: { type: 'http', scheme: 'bearer', description: 'A team API key.' },
      },
    },
  })
}

function operation(route: AnyRoute): ZodOpenApiOperationObject {
  const request: Partial<ZodOpenApiOperationObject> = {}
  if (route.body) request.requestBody = { content: { 'application/json': { schema: route.body } } }
  const header = headersOf(route)
  if (route.params || route.query || header) {
    request.requestParams = {
      ...(route.params ? { path: route.params as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
      ...(header ? { header } : {}),
    }
  }
  return {
    summary: route.summary,
    tags: route.tags,
    ...(route.auth === 'none' ? {} : { security: [{ [route.auth]: [] }] }),
    ...request,
    responses: { ...successes(route), default: problemResponse() },
  }
}

/** The headers the kernel understands for this route. */
function headersOf({ method, versioned, idempotent }: AnyRoute): z.ZodObject | null {
  const shape = {
    ...(versioned && method === 'get' && { 'If-None-Match': z.string().optional() }),
    ...(versioned && method !== 'get' && { 'If-Match': z.string().optional() }),
    ...(idempotent && { 'Idempotency-Key': z.string().min(8).max(200).optional() }),
  }
  return Object.keys(shape).length > 0 ? z.object(shape) : null
}

function successes(route: AnyRoute): ZodOpenApiOperationObject['responses'] {
  return Object.fromEntries(
    Object.entries(route.response).map(([status, schema]) => [
      status,
      {
        description: status === '202' ? 'Accepted' : 'Success',
        ...(schema ? { content: { [route.responseType ?? 'application/json']: { schema } } } : {}),
      },
    ]),
  )
}

function problemResponse() {
  return {
    description: 'Problem',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
}

/** `/docs`: Swagger UI from its package, no resource from elsewhere. */
export function docsRouter(): Router {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'))
  const router = Router()
  router.get('/swagger-initializer.js', (_req, res) => {
    res.type('text/javascript').send(
      `window.onload = () => { window.ui = SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#swagger-ui',
        deepLinking: true, presets: [SwaggerUIBundle.presets.apis] }) }`,
    )
  })
  router.use(express.static(folder))
  return router
}
