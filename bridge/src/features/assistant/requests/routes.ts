import { z } from 'zod'
import { pageOf, pageQuery, encodeCursor, type ApiRouter } from '../../../http/index.ts'
import { StewardError } from '../../../shared/errors.ts'
import { actorOf, idempotencyKeyOf } from '../actor.ts'
import { positionOf } from '../conversations/conversation-service.ts'
import type { ApprovalService } from '../operations/approval-service.ts'
import type { Actor } from '../ports.ts'
import { idParameter, REQUEST_STATES, requestEventSchema, requestSchema } from '../schema.ts'
import { cancelRequest } from './cancel-request.ts'
import { readEvents } from './event-store.ts'
import { requestResource } from './request-resource.ts'
import { readRequest, type RequestDependencies } from './request-service.ts'
import { findRequest, listRequests } from './request-store.ts'
import { streamRequest } from './stream-response.ts'
import { undoRequest } from './undo-request.ts'

const tags = ['Assistant']
const MOST_EVENTS = 1_000

const requestQuery = pageQuery.extend({
  state: z.enum(REQUEST_STATES).optional(),
  conversation_id: z.string().max(80).optional(),
})

export function registerRequestRoutes(
  api: ApiRouter,
  dependencies: RequestDependencies,
  approvals: ApprovalService,
): void {
  registerReads(api, dependencies)
  registerEvents(api, dependencies)
  registerActions(api, dependencies, approvals)
}

function registerReads(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'get',
    path: '/requests',
    summary: "The person's requests, newest first",
    tags,
    auth: 'session',
    query: requestQuery,
    response: { 200: pageOf(requestSchema) },
    handler: ({ auth, query }) => pageOfRequests(dependencies, actorOf(auth), query),
  })
  api.route({
    method: 'get',
    path: '/requests/{id}',
    summary: 'One request with its route, cost and operations',
    tags,
    auth: 'session',
    versioned: true,
    params: idParameter,
    response: { 200: requestSchema },
    handler: ({ auth, params }) => readRequest(dependencies, actorOf(auth), params.id),
  })
}

function registerEvents(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'get',
    path: '/requests/{id}/events',
    summary:
      'Events after `Last-Event-ID` (or `after`): a stream with `Accept: text/event-stream`, else a list',
    tags,
    auth: 'session',
    params: idParameter,
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: { 200: z.object({ data: z.array(requestEventSchema) }) },
    handler: async ({ auth, params, query, req, res, signal }) => {
      const actor = actorOf(auth)
      const request = await dependencies.database.withTenant(actor, (tx) =>
        findRequest(tx, actor, params.id),
      )
      if (!request) throw new StewardError('not_found', 'There is no such request.')
      const after = lastEventId(req.get('Last-Event-ID')) ?? query.after
      if (req.get('Accept')?.includes('text/event-stream')) {
        const options = { after, until: 'end' as const, fresh: false, signal }
        return streamRequest(dependencies, res, request, options)
      }
      const data = await dependencies.database.withTenant(actor, (tx) =>
        readEvents(tx, request.id, after, MOST_EVENTS),
      )
      return { data }
    },
  })
}

function registerActions(
  api: ApiRouter,
  dependencies: RequestDependencies,
  approvals: ApprovalService,
): void {
  api.route({
    method: 'post',
    path: '/requests/{id}/cancel',
    summary: 'Stop a request; what it showed stays, what it proposed is rejected',
    tags,
    auth: 'session',
    params: idParameter,
    response: { 200: requestSchema },
    handler: ({ auth, params }) => cancelRequest(dependencies, approvals, actorOf(auth), params.id),
  })
  api.route({
    method: 'post',
    path: '/requests/{id}/undo',
    summary: 'Propose to undo what a request applied; approved like any proposal',
    tags,
    auth: 'session',
    role: 'user',
    params: idParameter,
    response: { 201: requestSchema },
    handler: ({ auth, params, req }) =>
      undoRequest(dependencies, actorOf(auth), params.id, idempotencyKeyOf(req)),
  })
}

async function pageOfRequests(
  dependencies: RequestDependencies,
  actor: Actor,
  query: z.infer<typeof requestQuery>,
) {
  return dependencies.database.withTenant(actor, async (tx) => {
    const { limit, cursor, ...filter } = query
    const rows = await listRequests(tx, actor, {
      ...filter,
      after: positionOf(cursor),
      limit: limit + 1,
    })
    const next = rows.length > limit ? rows[limit - 1] : undefined
    return {
      data: await requestResource(tx, rows.slice(0, limit)),
      next_cursor: next ? encodeCursor([next.created_at.toISOString(), next.id]) : null,
    }
  })
}

function lastEventId(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return null
  return Number(header)
}
