import { z } from 'zod'
import type { ApiRouter } from '../../http/index.ts'
import type { AuthContext } from '../../http/index.ts'
import type { Clock } from '../../shared/clock.ts'
import { StewardError } from '../../shared/errors.ts'
import type { Ids } from '../../shared/ids.ts'
import { streamAnswer, wholeAnswer } from './chat-answer.ts'
import { chatRequestSchema } from './chat-schema.ts'
import { callFromChat } from './chat-translation.ts'
import type { ModelGateway } from './model-gateway.ts'
import { sendOpenAiError } from './openai-error.ts'
import type { ProviderSource } from './providers.ts'

export interface ChatPorts {
  gateway: ModelGateway
  providers: ProviderSource
  clock: Clock
  ids: Ids
}

const completionSchema = z.looseObject({ id: z.string(), object: z.literal('chat.completion') })
const modelListSchema = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      id: z.string(),
      object: z.literal('model'),
      created: z.int(),
      owned_by: z.string(),
    }),
  ),
})

/** OpenAI's Chat Completions and model list, for other apps with a team API key. */
export function registerChatRoutes(api: ApiRouter, ports: ChatPorts): void {
  api.route({
    method: 'post',
    path: '/chat/completions',
    summary: 'Complete a chat; compatible with OpenAI, spends from the team’s quota',
    tags: ['gateway'],
    auth: 'api_key',
    idempotent: true,
    body: chatRequestSchema,
    response: { 200: completionSchema },
    handler: async ({ body, auth, signal, res }) => {
      requireScope(auth, 'chat')
      const id = ports.ids.next('request')
      const created = Math.floor(ports.clock.now().getTime() / 1000)
      const events = ports.gateway.stream(callFromChat(body, auth, id), signal)
      if (!body.stream) return wholeAnswer(events, body, id, created)
      return streamAnswer(events, body, id, created, res)
    },
  })
  api.route({
    method: 'get',
    path: '/models',
    summary: 'Models this team can use, the two tiers first',
    tags: ['gateway'],
    auth: 'api_key',
    response: { 200: modelListSchema },
    handler: ({ auth }) => listModels(auth, ports),
  })
  api.router.use(['/chat/completions', '/models'], sendOpenAiError)
}

async function listModels(auth: AuthContext, ports: ChatPorts) {
  requireScope(auth, 'chat')
  const [providers, tiers] = await Promise.all([
    ports.providers(auth.site_id),
    ports.gateway.tiers(auth.site_id, auth.team_id),
  ])
  const own = [tiers.small ? 'steward-small' : null, tiers.large ? 'steward-large' : null]
  const named = providers.flatMap(({ connection, small_models: small, large_models: large }) =>
    [...new Set([...small, ...large])].map((model) => entry(model, connection.name)),
  )
  return {
    object: 'list',
    data: [...own.flatMap((id) => (id ? [entry(id, 'steward')] : [])), ...named],
  }
}

function entry(id: string, owner: string) {
  return { id, object: 'model', created: 0, owned_by: owner }
}

function requireScope(auth: AuthContext, scope: string): void {
  if (auth.scopes === null || auth.scopes.includes(scope)) return
  throw new StewardError('forbidden', `This API key has not the scope ${scope}.`)
}
