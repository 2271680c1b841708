import { z } from 'zod'
import type { ApiRouter } from '../../../http/index.ts'
import { actorOf } from '../actor.ts'
import { idParameter } from '../schema.ts'
import type { ApprovalService } from './approval-service.ts'
import { operationListSchema } from './schema.ts'

const tags = ['Assistant']

/** `id` is that of the list or of any operation in it: a card is approved or rejected whole. */
export function registerOperationRoutes(api: ApiRouter, approvals: ApprovalService): void {
  api.route({
    method: 'post',
    path: '/operations/{id}/approve',
    summary: 'Apply what the card with this hash shows; exactly once, all or nothing',
    tags,
    auth: 'session',
    role: 'user',
    params: idParameter,
    body: z.object({ hash: z.string().min(1).max(200) }),
    response: { 200: operationListSchema },
    handler: ({ auth, params, body }) => approvals.approve(actorOf(auth), params.id, body.hash),
  })
  api.route({
    method: 'post',
    path: '/operations/{id}/reject',
    summary: 'Reject a proposal; after an approval was sent ERPNext decides the race',
    tags,
    auth: 'session',
    params: idParameter,
    response: { 200: operationListSchema },
    handler: ({ auth, params }) => approvals.reject(actorOf(auth), params.id),
  })
}
