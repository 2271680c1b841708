import { z } from 'zod'
import { pageOf, pageQuery, type ApiRouter } from '../../../http/index.ts'
import { actorOf, idempotencyKeyOf } from '../actor.ts'
import { acceptRequest, type RequestDependencies } from '../requests/request-service.ts'
import { streamRequest } from '../requests/stream-response.ts'
import { conversationSchema, idParameter, messageSchema, pageContextSchema } from '../schema.ts'
import {
  createConversation,
  pageOfConversations,
  pageOfMessages,
  readConversation,
  remove,
  rename,
} from './conversation-service.ts'

const tags = ['Assistant']
const title = z.string().trim().min(1).max(200)

const newMessage = z.object({
  text: z.string().trim().min(1).max(20_000),
  context: pageContextSchema.nullable().default(null),
})

export function registerConversationRoutes(
  api: ApiRouter,
  dependencies: RequestDependencies,
): void {
  registerCollection(api, dependencies)
  registerItem(api, dependencies)
  registerMessages(api, dependencies)
}

function registerCollection(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'get',
    path: '/conversations',
    summary: "The person's conversations, newest first",
    tags,
    auth: 'session',
    query: pageQuery,
    response: { 200: pageOf(conversationSchema) },
    handler: ({ auth, query }) => pageOfConversations(dependencies, actorOf(auth), query),
  })
  api.route({
    method: 'post',
    path: '/conversations',
    summary: 'Begin a conversation',
    tags,
    auth: 'session',
    body: z.object({
      title: title.optional(),
      context: pageContextSchema.nullable().default(null),
    }),
    response: { 201: conversationSchema },
    handler: ({ auth, body, req }) =>
      createConversation(dependencies, actorOf(auth), {
        ...body,
        idempotency_key: idempotencyKeyOf(req),
      }),
  })
}

function registerItem(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'get',
    path: '/conversations/{id}',
    summary: 'One conversation',
    tags,
    auth: 'session',
    versioned: true,
    params: idParameter,
    response: { 200: conversationSchema },
    handler: ({ auth, params }) => readConversation(dependencies, actorOf(auth), params.id),
  })
  api.route({
    method: 'patch',
    path: '/conversations/{id}',
    summary: 'Rename a conversation',
    tags,
    auth: 'session',
    versioned: true,
    params: idParameter,
    body: z.object({ title }),
    response: { 200: conversationSchema },
    handler: ({ auth, params, body, requireVersion }) =>
      rename(dependencies, actorOf(auth), { id: params.id, title: body.title }, requireVersion),
  })
  api.route({
    method: 'delete',
    path: '/conversations/{id}',
    summary: 'Delete a conversation and its messages',
    tags,
    auth: 'session',
    versioned: true,
    params: idParameter,
    response: { 204: null },
    handler: ({ auth, params, requireVersion }) =>
      remove(dependencies, actorOf(auth), params.id, requireVersion),
  })
}

function registerMessages(api: ApiRouter, dependencies: RequestDependencies): void {
  api.route({
    method: 'get',
    path: '/conversations/{id}/messages',
    summary: 'Messages of a conversation, oldest first',
    tags,
    auth: 'session',
    params: idParameter,
    query: pageQuery,
    response: { 200: pageOf(messageSchema) },
    handler: ({ auth, params, query }) =>
      pageOfMessages(dependencies, actorOf(auth), params.id, query),
  })
  api.route({
    method: 'post',
    path: '/conversations/{id}/messages',
    summary:
      'Ask something: the events of the request with `Accept: text/event-stream`, else its id',
    tags,
    auth: 'session',
    params: idParameter,
    body: newMessage,
    response: { 202: z.object({ request_id: z.string(), message_id: z.string().nullable() }) },
    handler: async ({ auth, params, body, req, res, signal }) => {
      const actor = actorOf(auth)
      const accepted = await acceptRequest(dependencies, actor, {
        conversation_id: params.id,
        text: body.text,
        page: body.context,
        source: 'chat',
        idempotency_key: idempotencyKeyOf(req),
      })
      if (!req.get('Accept')?.includes('text/event-stream')) {
        accepted.start()
        return { request_id: accepted.request.id, message_id: accepted.message_id }
      }
      const stream = { after: 0, until: 'turn' as const, fresh: !accepted.repeated, signal }
      const streamed = streamRequest(dependencies, res, accepted.request, stream)
      accepted.start()
      await streamed
    },
  })
}
