import { z } from 'zod'
import type { ApiRouter } from '../../../http/index.ts'
import { StewardError } from '../../../shared/errors.ts'
import { actorOf } from '../actor.ts'
import type { Actor } from '../ports.ts'
import { idParameter, pageContextSchema, requestClassSchema, routeSchema } from '../schema.ts'
import type { RequestDependencies } from './request-service.ts'
import { findRequest } from './request-store.ts'

const tags = ['Assistant']

/** How a text would be routed, and a person's word on how it should have been. */
export function registerRouteRoutes(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'post',
    path: '/route',
    summary: 'Decide and explain the route of a text, without answering it',
    tags,
    auth: 'session',
    body: z.object({
      text: z.string().trim().min(1).max(20_000),
      context: pageContextSchema.nullable().default(null),
    }),
    response: { 200: routeSchema },
    handler: async ({ auth, body }) => {
      const actor = actorOf(auth)
      const session = await dependencies.sites.asPerson(actor)
      return dependencies.router.route({
        site_id: actor.site_id,
        team_id: actor.team_id,
        text: body.text,
        words: await dependencies.knowledge.words(actor, session),
        page: body.context,
        history: [],
        tiers: await dependencies.gateway.tiers(actor.site_id, actor.team_id),
      })
    },
  })
  api.route({
    method: 'post',
    path: '/requests/{id}/route-correction',
    summary: 'Say what a request really was; the routing of the team learns from it',
    tags,
    auth: 'session',
    params: idParameter,
    body: z.object({ class: requestClassSchema }),
    response: { 204: null },
    handler: ({ auth, params, body }) =>
      correctRoute(dependencies, actorOf(auth), params.id, body.class),
  })
}

async function correctRoute(
  dependencies: RequestDependencies,
  actor: Actor,
  id: string,
  correctClass: z.infer<typeof requestClassSchema>,
): Promise<void> {
  const request = await dependencies.database.withTenant(actor, (tx) => findRequest(tx, actor, id))
  if (!request) throw new StewardError('not_found', 'There is no such request.')
  if (!request.route) throw new StewardError('conflict', 'This request was never routed.')
  await dependencies.router.correct({
    site_id: actor.site_id,
    team_id: actor.team_id,
    person: actor.person,
    text: request.text,
    decided: request.route,
    correct_class: correctClass,
  })
}
