import type { Database } from '../../../platform/database/index.ts'
import type { Logger } from '../../../platform/telemetry/index.ts'
import type {
  OperationList,
  PageContext,
  Question,
  RouteDecision,
} from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import { isStewardError, StewardError } from '../../../shared/errors.ts'
import type { Ids } from '../../../shared/ids.ts'
import type { Brain, PastMessage, Turn } from '../brain.ts'
import type { ConversationHistory } from '../conversations/history.ts'
import { ProposalCollector } from '../operations/proposal-collector.ts'
import type {
  Actor,
  CountedRequest,
  ModelGateway,
  PersonDirectory,
  RequestQuota,
  Router,
  SiteAccess,
  SiteSession,
} from '../ports.ts'
import type { SiteKnowledge } from '../tools/site-knowledge.ts'
import { createToolRunner } from '../tools/tool-runner.ts'
import { Answer } from './answer.ts'
import type { EventLog } from './event-log.ts'
import { endTurn, type TurnEnd } from './turn-end.ts'
import { toolEvents } from './tool-events.ts'

/** A brain for one request: the model loop needs to know whose it is and what it costs. */
export type BrainOf = (
  handler: RouteDecision['handler'],
  owner: { actor: Actor; conversation_id: string; history_end: number; answer: Answer },
) => Brain

export interface RunDependencies {
  database: Database
  clock: Clock
  ids: Ids
  logger: Logger
  sites: SiteAccess
  people: PersonDirectory
  knowledge: SiteKnowledge
  router: Router
  gateway: ModelGateway
  quota: RequestQuota
  history: ConversationHistory
  /** Withdraws an undecided card because the card `by` takes its place. */
  withdraw: (actor: Actor, listId: string, by: string) => Promise<OperationList>
  brainOf: BrainOf
}

export interface RunningRequest {
  actor: Actor
  id: string
  conversation_id: string
  text: string
  page: PageContext | null
  /** Number of the person's message in its conversation. */
  number: number
  /** What went before, once it was read. */
  past?: PastMessage[]
  /** Once it was decided. */
  route?: RouteDecision
  log: EventLog
  signal: AbortSignal
}

/** Takes one request from the person's message to the end of its turn; never throws. */
export async function runRequest(
  dependencies: RunDependencies,
  request: RunningRequest,
): Promise<void> {
  const answer = new Answer(request.log, dependencies.sites.publicUrl(request.actor.site_id))
  let end: TurnEnd
  let counted: CountedRequest | null = null
  try {
    counted = await dependencies.quota.begin(request.actor, request.id)
    end = await takeTurn(dependencies, request, answer)
  } catch (error) {
    end = { kind: 'failed', error: failureOf(dependencies.logger, request, error) }
  }
  try {
    await endTurn(dependencies, request, answer, end)
  } catch (err) {
    dependencies.logger.error(
      { err, request_id: request.id },
      'the end of a request was not stored',
    )
  }
  // An answer counts; a request that failed before it showed anything does not.
  counted?.settle(end.kind !== 'failed' || !answer.isEmpty())
}

async function takeTurn(
  dependencies: RunDependencies,
  request: RunningRequest,
  answer: Answer,
): Promise<TurnEnd> {
  const { actor, signal } = request
  const session = interruptible(await dependencies.sites.asPerson(actor), signal)
  const proposals = new ProposalCollector({
    requestId: request.id,
    session,
    ids: dependencies.ids,
    clock: dependencies.clock,
    withdraw: async (listId, by) => {
      const list = await dependencies.withdraw(actor, listId, by)
      request.log.append({ type: 'operation_list.changed', operation_list: list })
      return list.state
    },
  })
  const turn = await prepareTurn(dependencies, request, session, proposals, answer)
  const passed = await letBrainsAnswer(dependencies, request, turn, answer)
  answer.endText()
  if (passed !== null && answer.isEmpty()) answer.take({ type: 'text', text: passed })
  answer.endText()
  const lists = proposals.collected()
  if (lists.length > 0) return { kind: 'proposed', lists }
  return answer.question ? { kind: 'asked' } : { kind: 'answered' }
}

async function prepareTurn(
  dependencies: RunDependencies,
  request: RunningRequest,
  session: SiteSession,
  proposals: ProposalCollector,
  answer: Answer,
): Promise<Turn> {
  const { actor } = request
  const { knowledge } = dependencies
  const [person, words, history, tiers] = await Promise.all([
    dependencies.people.identity(actor),
    knowledge.words(actor, session),
    dependencies.history.before(actor, request.conversation_id, request.number - 1),
    dependencies.gateway.tiers(actor.site_id, actor.team_id),
  ])
  request.past = history
  const { text, page } = request
  const { site_id, team_id } = actor
  const names = () => knowledge.names(actor, session)
  const question = { site_id, team_id, text, words, page, history, tiers, names }
  const route = await dependencies.router.route(question)
  request.route = route
  request.log.append({ type: 'route.decided', route })
  const context = {
    actor,
    session,
    knowledge,
    currency: person.currency,
    proposals,
    ask: (question: Question) => answer.ask(question),
  }
  return {
    request_id: request.id,
    text,
    route,
    person,
    words,
    page,
    history,
    today: localDate(dependencies.clock.now(), person.time_zone),
    tools: createToolRunner(
      context,
      toolEvents(request.log, dependencies.ids, (words) => answer.clean(words)),
    ),
    signal: request.signal,
    fallback: tiers.small || tiers.large,
  }
}

const HANDLERS = ['local', 'small', 'large'] as const

/** The routed handler first, then the stronger ones; the reason when all of them passed. */
async function letBrainsAnswer(
  dependencies: RunDependencies,
  request: RunningRequest,
  turn: Turn,
  answer: Answer,
): Promise<string | null> {
  const tiers = await dependencies.gateway.tiers(request.actor.site_id, request.actor.team_id)
  const available = HANDLERS.slice(HANDLERS.indexOf(turn.route.handler)).filter(
    (handler) => handler === 'local' || tiers[handler],
  )
  let reason = 'I cannot do this one. Try to say it another way.'
  for (const [index, handler] of available.entries()) {
    const { actor, conversation_id, number } = request
    const owner = { actor, conversation_id, history_end: number - 1, answer }
    const brain = dependencies.brainOf(handler, owner)
    try {
      const passed = await answerWith(brain, turn, answer)
      if (passed === null) return null
      reason = passed
    } catch (error) {
      const last = index === available.length - 1
      if (last || !answer.isEmpty() || !isModelFailure(error)) throw error
    }
  }
  return reason
}

async function answerWith(brain: Brain, turn: Turn, answer: Answer): Promise<string | null> {
  for await (const event of brain.answer(turn)) {
    turn.signal.throwIfAborted()
    if (event.type !== 'pass') answer.take(event)
    else if (answer.isEmpty()) return event.reason
  }
  turn.signal.throwIfAborted()
  return null
}

function isModelFailure(error: unknown): boolean {
  return isStewardError(error, 'model_failed', 'no_model_available', 'context_too_long')
}

/** The error a person is told; what is not ours is logged and says nothing of its inside. */
function failureOf(logger: Logger, request: RunningRequest, error: unknown): StewardError {
  const reason: unknown = request.signal.aborted ? request.signal.reason : error
  if (reason instanceof StewardError) return reason
  logger.error({ err: reason, request_id: request.id }, 'a request failed')
  return new StewardError('internal', 'Something went wrong here; nothing was changed in ERPNext.')
}

/** Every call of the turn ends when the request does. */
function interruptible(session: SiteSession, signal: AbortSignal): SiteSession {
  return {
    call: (method, args, options) => session.call(method, args, { signal, ...options }),
    list: (doctype, query, options) => session.list(doctype, query, { signal, ...options }),
    get: (doctype, name, options) => session.get(doctype, name, { signal, ...options }),
    scan: (doctype, fields, options) => session.scan(doctype, fields, { signal, ...options }),
  }
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-24` as it is in that time zone; making a format takes longer than using it. */
function localDate(now: Date, timeZone: string): string {
  const format =
    dateFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  dateFormats.set(timeZone, format)
  return format.format(now)
}
