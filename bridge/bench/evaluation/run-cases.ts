import { erpnextApp } from '../../sandbox/erpnext/index.ts'
import { startSandbox } from '../../sandbox/index.ts'
import type { Site, StoreSnapshot } from '../../sandbox/site/index.ts'
import { stewardApp } from '../../sandbox/steward/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import {
  STEWARD_METHODS,
  type SiteIdentity,
  type SiteWords,
} from '../../src/shared/site-protocol.ts'
import { createLocalPlanner } from '../../src/features/assistant/planner/index.ts'
import {
  createNameFinder,
  createVocabulary,
  decide,
  leavesOpen,
  shippedModel,
} from '../../src/features/assistant/routing/index.ts'
import { createSiteKnowledge } from '../../src/features/assistant/tools/site-knowledge.ts'
import type { Brain } from '../../src/features/assistant/brain.ts'
import type { Actor } from '../../src/features/assistant/ports.ts'
import type { EvaluationCase } from './cases.ts'
import { check } from './check.ts'
import { EVALUATION_DAY, expectedData } from './expected-data.ts'
import type { Verdict } from './read-checks.ts'
import { signIn, type CountedSession } from './site-session.ts'
import { startTalk, type Reply, type Talk } from './talk.ts'

export interface CaseResult {
  case: EvaluationCase
  reply: Reply
  /** The class was one of those that are right. */
  classRight: boolean
  /** Answered locally where a model was to be had, and not passed on. */
  accepted: boolean
  /** Null when the answer or the end state was right. */
  wrong: Verdict
}

const PEOPLE = {
  manager: ['nadia@example.com', 'steward-nadia-1'],
  restricted: ['tom@example.com', 'steward-tom-1'],
  viewer: ['vera@example.com', 'steward-vera-1'],
} as const

/** Runs every case on a sandbox of its own state: what a case changes, the next does not see. */
export async function runCases(
  cases: EvaluationCase[],
  /** Answers everything instead of the local planner. */
  model: Brain | null = null,
): Promise<CaseResult[]> {
  const sandbox = await startEvaluationSandbox()
  try {
    const context = { ...(await openContext(sandbox)), answering: model }
    const results: CaseResult[] = []
    const before = structuredClone(sandbox.site.state.store.snapshot())
    for (const one of cases) {
      results.push(await runCase(one, context))
      if (results.at(-1)!.reply.proposal) restore(sandbox.site, before)
    }
    return results
  } finally {
    await sandbox.stop()
  }
}

/** Puts the store back to a snapshot: rows that came since are taken out. */
function restore({ state }: Site, before: StoreSnapshot): void {
  for (const [doctype, rows] of Object.entries(before.tables)) {
    const kept = new Set(rows.map(({ name }) => name))
    const table = state.store.table(doctype)
    for (const { name } of [...table.rows()]) if (!kept.has(name)) table.remove(String(name))
  }
  state.store.load(structuredClone(before))
}

/** Conversations with the planner on a sandbox of their own, as one of its people. */
export async function openTalks(): Promise<{
  talk(user?: keyof typeof PEOPLE, tiers?: RouteTiers): Talk
  data: ReturnType<typeof expectedData>
  stop(): Promise<void>
}> {
  const sandbox = await startEvaluationSandbox()
  const context = { ...(await openContext(sandbox)), answering: null }
  return {
    talk: (user = 'manager', tiers = NO_MODELS) => talkOf(user, context, tiers),
    data: context.data,
    stop: () => sandbox.stop(),
  }
}

type RouteTiers = { small: boolean; large: boolean }
const NO_MODELS: RouteTiers = { small: false, large: false }
const ALL_MODELS: RouteTiers = { small: true, large: true }

function startEvaluationSandbox() {
  return startSandbox({
    port: 0,
    apps: [erpnextApp, stewardApp],
    clock: () => new Date(`${EVALUATION_DAY}T12:00:00Z`),
  })
}

type Context = Awaited<ReturnType<typeof openContext>> & { answering: Brain | null }

type NameFinder = ReturnType<typeof createNameFinder>

async function openContext(sandbox: Awaited<ReturnType<typeof startSandbox>>) {
  const knowledge = createSiteKnowledge(systemClock)
  const people = new Map<
    string,
    { session: CountedSession; person: SiteIdentity; words: SiteWords; names: NameFinder }
  >()
  for (const [key, [user, password]] of Object.entries(PEOPLE)) {
    const session = await signIn(sandbox.url, user, password)
    people.set(key, {
      session,
      person: await session.call<SiteIdentity>(STEWARD_METHODS.whoami, {}),
      words: await session.call<SiteWords>(STEWARD_METHODS.siteWords, {}),
      names: createNameFinder(await knowledge.names(actorOf(user), session)),
    })
  }
  return {
    people,
    data: expectedData(sandbox.site),
    model: shippedModel(),
    brain: createLocalPlanner(),
    knowledge,
  }
}

function actorOf(person: string): Actor {
  return { site_id: 'site', team_id: 'team', person, role: 'user', session_id: null }
}

function talkOf(user: keyof typeof PEOPLE, context: Context, tiers: RouteTiers): Talk {
  const { model, knowledge } = context
  const { session, person, words, names } = context.people.get(user)!
  const vocabulary = createVocabulary(words)
  return startTalk({
    ...{ session, person, words, knowledge, today: EVALUATION_DAY },
    brain: context.answering ?? context.brain,
    fallback: tiers.small || tiers.large,
    decide: (text, page, history) => {
      const input = { text, page, history, vocabulary, thresholds: {}, tiers }
      const decision = decide(input, model)
      return leavesOpen(decision) ? decide({ ...input, names }, model) : decision
    },
  })
}

async function runCase(one: EvaluationCase, context: Context): Promise<CaseResult> {
  const { data } = context
  const talk = talkOf(one.user ?? 'manager', context, ALL_MODELS)
  const page = one.page
    ? { doctype: one.page.doctype, name: one.page.name && data.fixture(one.page.name) }
    : null
  let reply: Reply | null = null
  for (const text of one.turns) reply = await talk.say(data.fixture(text), page)
  const last = reply!
  return {
    case: one,
    reply: last,
    classRight: one.classes.includes(last.route.class),
    accepted:
      context.answering !== null || (last.route.handler === 'local' && last.passed === null),
    wrong: await check(one, last, talk, data),
  }
}

/** The words of the sandbox's site as its manager sees them. */
export async function sandboxWords(): Promise<SiteWords> {
  const sandbox = await startSandbox({ port: 0, apps: [erpnextApp, stewardApp] })
  try {
    const [user, password] = PEOPLE.manager
    const session = await signIn(sandbox.url, user, password)
    return await session.call<SiteWords>(STEWARD_METHODS.siteWords, {})
  } finally {
    await sandbox.stop()
  }
}
