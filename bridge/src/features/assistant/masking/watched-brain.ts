import type { Database } from '../../../platform/database/index.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { Ids } from '../../../shared/ids.ts'
import type { Brain, BrainEvent, Turn } from '../brain.ts'
import type { Actor, DataMasking, ProviderRules } from '../ports.ts'
import type { ToolAnswer, ToolName, ToolRunner } from '../tools/tool-contract.ts'
import { maskRecord } from './record-masking.ts'
import { storeWithheld, withheldOf } from './withheld-store.ts'
import { WithheldValues } from './withheld-values.ts'

export interface WatchDependencies {
  database: Database
  clock: Clock
  ids: Ids
  masking: DataMasking
}

/**
 * A brain whose tool results are watched for values that some provider may not see, whoever answers:
 * what the local planner shows today is in the history a model gets tomorrow.
 */
export function watched(
  brain: Brain,
  owner: { actor: Actor; conversation_id: string },
  dependencies: WatchDependencies,
): Brain {
  return {
    answer: async function* (turn: Turn): AsyncGenerator<BrainEvent> {
      const rules = await dependencies.masking.rules(owner.actor.site_id)
      if (!rules.any) {
        yield* brain.answer(turn)
        return
      }
      const known = await dependencies.database.withTenant(owner.actor, (tx) =>
        withheldOf(tx, owner.conversation_id),
      )
      const withheld = new WithheldValues(known)
      try {
        yield* brain.answer({ ...turn, withheld, tools: watchedTools(turn.tools, rules, withheld) })
      } finally {
        await store(owner, withheld, dependencies)
      }
    },
  }
}

async function store(
  { actor, conversation_id }: { actor: Actor; conversation_id: string },
  values: WithheldValues,
  { database, clock, ids }: WatchDependencies,
): Promise<void> {
  const withheld = values.takeAdded()
  if (withheld.length === 0) return
  const { site_id, team_id } = actor
  const id = ids.next('event')
  const created_at = clock.now()
  await database.withTenant(actor, (tx) =>
    storeWithheld(tx, { id, site_id, team_id, conversation_id, withheld, created_at }),
  )
}

function watchedTools(
  tools: ToolRunner,
  rules: ProviderRules,
  withheld: WithheldValues,
): ToolRunner {
  return {
    ...tools,
    call: async (name, args) => {
      const answer = await tools.call(name, args)
      note(answer, rules, withheld)
      return answer
    },
    callUnchecked: async (name, argumentsJson) => {
      const answer = await tools.callUnchecked(name, argumentsJson)
      note(answer, rules, withheld)
      return answer
    },
  }
}

function note(answer: ToolAnswer<ToolName>, rules: ProviderRules, withheld: WithheldValues): void {
  if (!answer.ok || !('origins' in answer.result)) return
  const { result } = answer
  const origins = result.origins()
  const rows = 'table' in result ? result.table.rows : [result.values]
  const totals = 'totals' in result ? result.totals : []
  for (const row of [...rows, ...totals]) {
    maskRecord(rules, origins, row, (rule, value) => withheld.add(rule, value))
  }
}
