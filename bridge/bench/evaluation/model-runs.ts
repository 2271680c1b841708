import { environmentSchema } from '../../src/config/environment.ts'
import type { Brain } from '../../src/features/assistant/brain.ts'
import { assistantMigrations } from '../../src/features/assistant/index.ts'
import { createModelBrain } from '../../src/features/assistant/models/model-brain.ts'
import type { GatewayCall, GatewayEvent, ModelGateway } from '../../src/features/assistant/ports.ts'
import { providersFromEnvironment } from '../../src/features/gateway/providers.ts'
import { openDatabase } from '../../src/platform/database/index.ts'
import {
  createModels,
  createPriceBook,
  type ModelPort,
  type ModelUsage,
  type ProviderConnection,
} from '../../src/platform/models/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { StewardError } from '../../src/shared/errors.ts'

/** A model of a provider whose key is in the environment, ready to answer evaluation requests. */
export interface EvaluatedModel {
  /** `provider/model`. */
  name: string
  brain: Brain
  /** What its answers have cost so far, in nano-USD; null when its price is unknown. */
  spent(): bigint | null
}

/** The first model of each tier of each provider; `close` ends connections and the database. */
export async function openModels(): Promise<{
  models: EvaluatedModel[]
  close(): Promise<void>
}> {
  const providers = providersFromEnvironment(environmentSchema.parse(process.env))
  if (providers.length === 0) return { models: [], close: async () => undefined }
  const database = await openDatabase({
    ...{ url: null, migrationUrl: null, dataFolder: null },
    migrations: assistantMigrations,
  })
  const port = createModels({ allow_private_endpoints: true })
  const models = providers.flatMap(({ connection, small_models, large_models }) => {
    const names = new Set([small_models[0], large_models[0]].filter((name) => name !== undefined))
    return [...names].map((model) => evaluated(connection, model, port, database))
  })
  return {
    models,
    close: async () => {
      await port.close()
      await database.close()
    },
  }
}

function evaluated(
  connection: ProviderConnection,
  model: string,
  port: ModelPort,
  database: Awaited<ReturnType<typeof openDatabase>>,
): EvaluatedModel {
  let spent: bigint | null = 0n
  const gateway: ModelGateway = {
    tiers: async () => ({ small: true, large: true }),
    stream: (call, signal) => stream(port, connection, model, call, signal),
  }
  const brainOf = createModelBrain({ database, gateway, clock: systemClock })
  const isPriced = createPriceBook({ ceiling_usd_per_million: null }).price(
    connection,
    model,
    new Date(),
  )
  if (!isPriced) spent = null
  const charge = ({ nano_usd }: { nano_usd: bigint }) => {
    if (spent !== null) spent += nano_usd
  }
  return {
    name: `${connection.name}/${model}`,
    spent: () => spent,
    brain: {
      answer: (turn) => {
        const person = turn.person.user
        const actor = { site_id: 'site', team_id: 'team', person, role: 'user' } as const
        return brainOf('large', {
          actor: { ...actor, session_id: null },
          conversation_id: 'evaluation',
          history_end: turn.history.length,
          answer: { charge },
        }).answer(turn)
      },
    },
  }
}

/** The provider's own events and, at the end, what they cost by the price book. */
async function* stream(
  port: ModelPort,
  connection: ProviderConnection,
  model: string,
  call: GatewayCall,
  signal: AbortSignal,
): AsyncGenerator<GatewayEvent> {
  let usage: ModelUsage | null = null
  const { messages, tools, tool_choice, max_output_tokens, cache_prefix_messages } = call
  const request = { model, messages, tools, tool_choice, max_output_tokens, cache_prefix_messages }
  try {
    for await (const event of port.stream(connection, request, signal)) {
      if (event.type === 'usage') usage = event.usage
      yield event
    }
  } catch (cause) {
    throw new StewardError('model_failed', `${model}: ${String(cause)}`, { cause })
  }
  if (!usage) return
  const price = createPriceBook({ ceiling_usd_per_million: null }).price(
    connection,
    model,
    new Date(),
  )
  yield {
    type: 'settled',
    model,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    nano_usd: price?.cost(usage) ?? 0n,
  }
}
