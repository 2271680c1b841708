import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { ApiRouter, createHttpApp, type TeamRole } from '../../../src/http/index.ts'
import {
  assistantMigrations,
  createAssistantFeature,
  type AssistantFeature,
  type AssistantPorts,
} from '../../../src/features/assistant/index.ts'
import { NO_RULES } from '../../../src/features/assistant/masking/provider-view.ts'
import type { Brain, BrainEvent, Turn } from '../../../src/features/assistant/brain.ts'
import { openSharedState } from '../../../src/platform/cache/index.ts'
import { openDatabase, type OpenDatabase } from '../../../src/platform/database/index.ts'
import { createMetrics } from '../../../src/platform/telemetry/index.ts'
import type { RouteDecision } from '../../../src/shared/assistant-protocol.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { StewardError } from '../../../src/shared/errors.ts'
import { randomIds } from '../../../src/shared/ids.ts'
import { STEWARD_METHODS, type SiteIdentity } from '../../../src/shared/site-protocol.ts'
import type { SiteSession } from '../../../src/features/assistant/ports.ts'
import { PaperSite } from './paper-site.ts'

export interface Bench {
  url: string
  feature: AssistantFeature
  database: OpenDatabase
  paper: PaperSite
  /** Quota calls by name, in order. */
  quota: string[]
  published: unknown[]
  as(person: string, role?: TeamRole): Caller
  stop(): Promise<void>
}

export interface BenchOptions {
  brain: (turn: Turn) => AsyncIterable<BrainEvent>
  session?: (paper: PaperSite) => SiteSession
  database?: OpenDatabase
  paper?: PaperSite
  ports?: Partial<AssistantPorts>
}

/** The assistant feature on a listening server and a real database; only the edges are the test's. */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const database = options.database ?? (await openBenchDatabase())
  const paper = options.paper ?? new PaperSite()
  const quota: string[] = []
  const published: unknown[] = []
  const ports = benchPorts(options, database, paper, quota, published)
  const feature = createAssistantFeature(ports)
  const api = new ApiRouter({ session: authenticate, api_key: authenticate }, async () => undefined)
  feature.registerRoutes(api)
  await feature.recover()
  const server = createServer(
    createHttpApp({
      api,
      version: 'test',
      logger: ports.logger,
      metrics: createMetrics(),
      allowedOrigins: new Set(),
      readiness: async () => [],
    }),
  )
  const url = await listening(server)
  return {
    url,
    feature,
    database,
    paper,
    quota,
    published,
    as: (person, role = 'user') => new Caller(url, person, role),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await feature.stop(0)
      if (!options.database) await database.close()
    },
  }
}

export function openBenchDatabase(): Promise<OpenDatabase> {
  return openDatabase({
    url: null,
    migrationUrl: null,
    dataFolder: null,
    migrations: assistantMigrations,
  })
}

function benchPorts(
  options: BenchOptions,
  database: OpenDatabase,
  paper: PaperSite,
  quota: string[],
  published: unknown[],
): AssistantPorts {
  const state = openSharedState(null, systemClock)
  const session = options.session?.(paper) ?? withWords(paper.session())
  const planner: Brain = { answer: options.brain }
  return {
    database,
    clock: systemClock,
    ids: randomIds,
    logger: pino({ level: process.env.STEWARD_TEST_LOG ?? 'silent' }),
    cache: state.cache,
    fanout: state.fanout,
    sites: {
      asPerson: async () => session,
      recover: async () => session,
      asService: async () => session,
      publicUrl: () => 'https://site.example',
    },
    people: { identity: async (actor) => identity(actor.person) },
    router: { route: () => LOCAL, correct: async () => undefined },
    planner,
    gateway: {
      tiers: async () => ({ small: false, large: false }),
      stream: () => {
        throw new StewardError('no_model_available', 'No model here.')
      },
    },
    masking: { rules: async () => NO_RULES },
    quota: {
      begin: async () => {
        quota.push('begin')
        return { settle: (counts) => void quota.push(counts ? 'counted' : 'given back') }
      },
    },
    publisher: {
      upsert: async (_site, _doctype, records) => void published.push(...records),
    },
    processId: `process-${Math.random()}`,
    onlyProcess: true,
    deadlineMs: 20_000,
    retryWaits: [1, 1],
    ...options.ports,
  }
}

export const LOCAL: RouteDecision = {
  class: 'create',
  handler: 'local',
  confidence: 1,
  reason: 'This test decides.',
  candidates: [],
  parts: [],
}

export function withWords(session: SiteSession): SiteSession {
  return {
    ...session,
    call: async <T>(method: string, args: Record<string, unknown>): Promise<T> => {
      if (method === STEWARD_METHODS.siteWords) {
        return { version: '1', language: 'en', doctypes: [], reports: [] } as T
      }
      if (method === STEWARD_METHODS.describe) return TODO_DESCRIPTION as T
      return session.call<T>(method, args)
    },
  }
}

/** The least a doctype can be. */
const TODO_DESCRIPTION = {
  doctype: 'ToDo',
  label: 'ToDo',
  module: 'Desk',
  is_submittable: false,
  is_single: false,
  is_tree: false,
  title_field: null,
  search_fields: [],
  sort: 'modified desc',
  permissions: {},
  fields: [
    {
      fieldname: 'description',
      label: 'Description',
      fieldtype: 'Text Editor',
      options: null,
      required: true,
      read_only: false,
      in_list_view: true,
      default: null,
      permlevel: 0,
    },
  ],
  status_options: [],
  mappings: [],
}

async function authenticate(req: { get(name: string): string | undefined }) {
  const person = req.get('x-test-person')
  if (!person) throw new StewardError('unauthenticated', 'Who are you?')
  return {
    kind: 'session' as const,
    site_id: 'site_1',
    team_id: req.get('x-test-team') ?? 'team_1',
    person,
    role: (req.get('x-test-role') ?? 'user') as TeamRole,
    credential_id: `ses_${person}`,
    scopes: null,
  }
}

function identity(user: string): SiteIdentity {
  return {
    user,
    full_name: user,
    email: user,
    image: null,
    site: 'site.example',
    roles: [],
    user_type: 'System User',
    language: 'en',
    time_zone: 'UTC',
    date_format: 'yyyy-mm-dd',
    number_format: '#,###.##',
    currency: 'EUR',
    default_company: null,
    authentication: 'bearer',
    steward_client: true,
    session_binding: null,
    grant_kind: 'interactive',
    expires_at: null,
    app_version: '0',
    frappe_version: '15',
    erpnext_version: '15',
  }
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export class Caller {
  readonly url: string
  readonly headers: Record<string, string>

  constructor(url: string, person: string, role: TeamRole) {
    this.url = url
    this.headers = {
      'content-type': 'application/json',
      'x-test-person': person,
      'x-test-role': role,
    }
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/v1${path}`, {
      ...init,
      headers: { ...this.headers, ...(init.headers as Record<string, string>) },
    })
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const answer = await this.fetch(path, init)
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }

  post<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<T> {
    return this.json<T>(path, { method: 'POST', body: JSON.stringify(body), headers })
  }
}
