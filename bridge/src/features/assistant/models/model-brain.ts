import type { Database } from '../../../platform/database/index.ts'
import type { ModelMessage, ModelToolCall, ProviderItem } from '../../../platform/models/index.ts'
import type { Clock } from '../../../shared/clock.ts'
import { StewardError } from '../../../shared/errors.ts'
import type { OperationList, RouteDecision } from '../../../shared/assistant-protocol.ts'
import type { Brain, BrainEvent, Turn } from '../brain.ts'
import { pastMessages } from '../context/context-manager.ts'
import { messagesFor, NO_RULES, type Sendable } from '../masking/provider-view.ts'
import type { Actor, GatewayEvent, ModelGateway, ProviderRules } from '../ports.ts'
import type { ToolAnswer, ToolName } from '../tools/tool-contract.ts'
import { delimitedData } from './delimited-data.ts'
import { cardMemory } from './earlier-cards.ts'
import { MODEL_TOOLS, SYSTEM_PROMPT, turnFacts } from './system-prompt.ts'
import { HandleNames, toolText } from './tool-text.ts'

export interface ModelBrainDependencies {
  database: Database
  gateway: ModelGateway
  clock: Clock
}

interface Charge {
  charge(call: { input_tokens: number; output_tokens: number; nano_usd: bigint }): void
}

export interface ModelBrainOwner {
  actor: Actor
  conversation_id: string
  history_end: number
  answer: Charge
}

/** Rounds of tool calls; the last one has to answer without tools. */
const MOST_ROUNDS = 10
const MOST_CALLS_A_ROUND = 8
const MOST_OUTPUT_TOKENS = 4_000
/** What one request may cost in all. */
const CAP_NANO_USD = 1_000_000_000n

/** Brains that let a model of the tier work with the tools until it has an answer. */
export function createModelBrain(dependencies: ModelBrainDependencies) {
  return (handler: Exclude<RouteDecision['handler'], 'local'>, owner: ModelBrainOwner): Brain => ({
    answer: (turn) => new ModelLoop(dependencies, handler, owner, turn).run(),
  })
}

class ModelLoop {
  private readonly messages: Sendable[] = [{ role: 'system', content: SYSTEM_PROMPT }]
  private readonly handles = new HandleNames()
  /** What this turn proposed, for the next one. */
  private readonly cards = new Map<string, OperationList>()
  private spent = 0n
  private readonly dependencies: ModelBrainDependencies
  private readonly tier: 'small' | 'large'
  private readonly owner: ModelBrainOwner
  private readonly turn: Turn

  constructor(
    dependencies: ModelBrainDependencies,
    tier: 'small' | 'large',
    owner: ModelBrainOwner,
    turn: Turn,
  ) {
    this.dependencies = dependencies
    this.tier = tier
    this.owner = owner
    this.turn = turn
  }

  async *run(): AsyncGenerator<BrainEvent> {
    await this.begin()
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const calls = yield* this.think(round === MOST_ROUNDS ? 'none' : 'auto')
      if (calls.length === 0) break
      for (const call of calls.slice(0, MOST_CALLS_A_ROUND)) yield* this.act(call)
      for (const call of calls.slice(MOST_CALLS_A_ROUND)) this.refuse(call)
    }
    if (this.cards.size > 0) yield { type: 'memory', memory: cardMemory([...this.cards.values()]) }
  }

  private async begin(): Promise<void> {
    const past = await pastMessages(this.dependencies, this.owner, this.turn, (event) =>
      this.account(event),
    )
    const question = (rules: ProviderRules): ModelMessage => {
      const text = `${delimitedData('situation', turnFacts(this.turn, rules))}\n\n${this.turn.text}`
      return { role: 'user', content: [{ type: 'text', text }] }
    }
    this.messages.push(...past, question)
  }

  /** One model call; its text goes out as it comes, its tool calls come back. */
  private async *think(toolChoice: 'auto' | 'none'): AsyncGenerator<BrainEvent, ModelToolCall[]> {
    if (this.spent >= CAP_NANO_USD) {
      throw new StewardError('budget_exceeded', 'This request has cost as much as one may.')
    }
    let content = ''
    let finished: string | null = null
    const calls: ModelToolCall[] = []
    const items: ProviderItem[] = []
    for await (const event of this.dependencies.gateway.stream(
      this.call(toolChoice),
      this.turn.signal,
    )) {
      this.account(event)
      if (event.type === 'text' || event.type === 'refusal') {
        content += event.text
        yield { type: 'text', text: event.text }
      } else if (event.type === 'tool_call') calls.push(event.call)
      else if (event.type === 'provider_item') items.push(event.item)
      else if (event.type === 'finish') finished = event.reason
    }
    if (finished === null) throw cutOff()
    if (finished === 'length') yield shortened()
    this.messages.push({
      role: 'assistant',
      content,
      tool_calls: calls,
      ...(items.length > 0 ? { provider_items: items } : {}),
    })
    return calls
  }

  private call(toolChoice: 'auto' | 'none') {
    const { actor } = this.owner
    const sendables = [...this.messages]
    const view = (rules: ProviderRules) => messagesFor(sendables, rules, this.turn.withheld)
    return {
      site_id: actor.site_id,
      team_id: actor.team_id,
      person: actor.person,
      request_id: this.turn.request_id,
      purpose: 'answer' as const,
      tier: this.tier,
      messages: view(NO_RULES),
      messages_for: view,
      tools: MODEL_TOOLS,
      tool_choice: toolChoice,
      max_output_tokens: MOST_OUTPUT_TOKENS,
      cache_prefix_messages: 1,
      cap_nano_usd: CAP_NANO_USD - this.spent,
    }
  }

  private async *act(call: ModelToolCall): AsyncGenerator<BrainEvent> {
    const argumentsJson = this.handles.resolve(call.arguments)
    const answer = await this.turn.tools.callUnchecked(call.name, argumentsJson)
    yield* shown(call, answer)
    if (answer.ok && 'operation_list' in answer.result) {
      const list = answer.result.operation_list
      this.cards.set(list.id, list)
    }
    this.messages.push((rules) => ({
      role: 'tool',
      tool_call_id: call.id,
      content: toolText(call.name, answer, this.handles, rules),
      is_error: !answer.ok,
    }))
  }

  private refuse(call: ModelToolCall): void {
    const content = delimitedData(`${call.name} failed`, 'Too many calls at once; ask again.')
    this.messages.push({ role: 'tool', tool_call_id: call.id, content, is_error: true })
  }

  private account(event: GatewayEvent): void {
    if (event.type !== 'settled') return
    this.spent += event.nano_usd
    this.owner.answer.charge(event)
  }
}

/** A table is shown when the model gave it a title, a report always. */
function* shown(call: ModelToolCall, answer: ToolAnswer<ToolName>): Generator<BrainEvent> {
  if (!answer.ok || !('table' in answer.result)) return
  const titled = call.name === 'run_report' || /"title"\s*:/.test(call.arguments)
  if (titled) yield { type: 'table', table: answer.result.table }
}

function cutOff(): StewardError {
  return new StewardError('model_failed', 'The model stopped in the middle of its answer.')
}

function shortened(): BrainEvent {
  const text = 'The answer reached the longest a model may write and ends here.'
  return { type: 'notice', level: 'warning', text, code: 'length' }
}
