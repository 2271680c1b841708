import type {
  AnswerDocument,
  AnswerTable,
  OperationList,
  OperationListState,
  PageContext,
  Question,
  RouteDecision,
} from '../../src/shared/assistant-protocol.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { isStewardError } from '../../src/shared/errors.ts'
import { randomIds } from '../../src/shared/ids.ts'
import {
  STEWARD_METHODS,
  type ApplyResult,
  type SiteIdentity,
  type SiteWords,
} from '../../src/shared/site-protocol.ts'
import type { Brain, BrainEvent, PastMessage, Turn } from '../../src/features/assistant/brain.ts'
import { ProposalCollector } from '../../src/features/assistant/operations/proposal-collector.ts'
import { createSiteKnowledge } from '../../src/features/assistant/tools/site-knowledge.ts'
import { createToolRunner } from '../../src/features/assistant/tools/tool-runner.ts'
import type { CountedSession } from './site-session.ts'

/** What one message was answered with. */
export interface Reply {
  route: RouteDecision
  text: string
  tables: AnswerTable[]
  documents: AnswerDocument[]
  question: Question | null
  /** The first of `proposals`. */
  proposal: OperationList | null
  /** One a card. */
  proposals: OperationList[]
  passed: string | null
  /** ERPNext calls and milliseconds, all told. */
  siteCalls: number
  took: number
  tools: string[]
}

export interface Talk {
  say(text: string, page?: PageContext | null): Promise<Reply>
  /** Approves a card of the last reply, the first unless another is named, as a person would. */
  approve(card?: number): Promise<ApplyResult>
  /** What has become of a card of this conversation. */
  stateOf(card: OperationList): OperationListState
}

export interface TalkOptions {
  session: CountedSession
  person: SiteIdentity
  words: SiteWords
  today: string
  brain: Brain
  /** A model could take over. */
  fallback: boolean
  decide(text: string, page: PageContext | null, history: PastMessage[]): RouteDecision
  knowledge?: ReturnType<typeof createSiteKnowledge>
}

/** One conversation with the planner and the real tools, without a bridge around it. */
export function startTalk(options: TalkOptions): Talk {
  const history: PastMessage[] = []
  const cards: Cards = new Map()
  let proposals: OperationList[] = []
  return {
    stateOf: (card) => cards.get(card.id) ?? 'proposed',
    async say(text, page = null) {
      const reply = await answer(options, history, cards, text, page)
      proposals = reply.proposals
      return reply
    },
    async approve(card = 0) {
      const proposal = proposals[card]
      if (!proposal) throw new Error('There is nothing to approve.')
      const result = await options.session.call<ApplyResult>(STEWARD_METHODS.apply, {
        request_id: proposal.request_id,
        operations: proposal.operations,
        hash: proposal.hash,
      })
      if (result.status === 'applied') {
        cards.set(proposal.id, 'applied')
        remember(history, result)
      }
      return result
    },
  }
}

function remember(history: PastMessage[], result: Extract<ApplyResult, { status: 'applied' }>) {
  const last = history.at(-1)
  for (const { doctype, name, title } of result.outcomes) {
    if (name) last?.documents.push({ doctype, name, title: title ?? name })
  }
}

/** States of the cards that are no longer only proposed, by list id. */
type Cards = Map<string, OperationListState>

async function answer(
  options: TalkOptions,
  history: PastMessage[],
  cards: Cards,
  text: string,
  page: PageContext | null,
): Promise<Reply> {
  const { session, person, words, today, brain } = options
  const started = performance.now()
  const callsBefore = session.calls()
  const route = options.decide(text, page, history)
  const request_id = randomIds.next('request')
  const proposals = new ProposalCollector({
    requestId: request_id,
    session,
    ids: randomIds,
    clock: systemClock,
    withdraw: async (listId) => {
      if (cards.get(listId) !== 'applied') cards.set(listId, 'rejected')
      return cards.get(listId)!
    },
  })
  const reply: Reply = {
    ...{ route, text: '', tables: [], documents: [], question: null, proposal: null },
    ...{ proposals: [], passed: null, siteCalls: 0, took: 0, tools: [] },
  }
  const actor = { site_id: 'site', team_id: 'team', person: person.user, role: 'user' } as const
  const tools = createToolRunner(
    {
      actor: { ...actor, session_id: null },
      session,
      knowledge: (options.knowledge ??= createSiteKnowledge(systemClock)),
      currency: person.currency,
      proposals,
      ask: (question) => void (reply.question = question),
    },
    {
      started: (name) => {
        reply.tools.push(name)
        return name
      },
      finished: () => undefined,
    },
  )
  let memory: unknown = null
  const signal = new AbortController().signal
  const turn = {
    ...{ request_id, text, route, person, words, page, history, today, tools, signal },
    fallback: options.fallback,
  }
  for await (const event of answered(brain, turn)) {
    if (event.type === 'text') reply.text += event.text
    if (event.type === 'table') reply.tables.push(event.table)
    if (event.type === 'document') reply.documents.push(event.document)
    if (event.type === 'pass') reply.passed = event.reason
    if (event.type === 'memory') memory = event.memory
  }
  reply.proposals = proposals.collected()
  reply.proposal = reply.proposals[0] ?? null
  reply.siteCalls = session.calls() - callsBefore
  reply.took = performance.now() - started
  history.push(
    pastMessage('person', text, reply, null),
    pastMessage('assistant', reply.text, reply, memory),
  )
  return reply
}

/** A failed answer is an answer of its own, so that one failure does not end the run. */
async function* answered(brain: Brain, turn: Turn): AsyncGenerator<BrainEvent> {
  try {
    yield* brain.answer(turn)
  } catch (error) {
    if (!isStewardError(error)) throw error
    yield { type: 'pass', reason: error.message }
  }
}

function pastMessage(
  role: PastMessage['role'],
  text: string,
  reply: Reply,
  memory: unknown,
): PastMessage {
  const isAnswer = role === 'assistant'
  const documents = isAnswer
    ? reply.documents.map(({ doctype, name, title }) => ({ doctype, name, title }))
    : []
  return { role, text, documents, tables: isAnswer ? reply.tables : [], memory }
}
