import type { ApiRouter } from '../../http/index.ts'
import { auditMigration } from '../../platform/audit/index.ts'
import type { HotCache, Fanout } from '../../platform/cache/index.ts'
import type { Database, MigrationFile } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Ids } from '../../shared/ids.ts'
import type { Brain } from './brain.ts'
import { createHistory } from './conversations/history.ts'
import { registerConversationRoutes } from './conversations/routes.ts'
import { assistantTables } from './migrations/2026-11-24-010-assistant.ts'
import { supersededCards } from './migrations/2026-11-24-030-superseded-cards.ts'
import { watched } from './masking/watched-brain.ts'
import { withheldValues } from './migrations/2026-11-24-041-withheld-values.ts'
import { seenPreviews } from './migrations/2026-11-24-050-seen-previews.ts'
import { createModelBrain } from './models/model-brain.ts'
import { reconcileApprovals, releaseSettlingLeases } from './operations/approval-reconciler.ts'
import { countedRequests } from './requests/counted-requests.ts'
import { createApprovalService } from './operations/approval-service.ts'
import { expireProposals } from './operations/expired-proposals.ts'
import { registerOperationRoutes } from './operations/routes.ts'
import type {
  Actor,
  DataMasking,
  ModelGateway,
  PersonDirectory,
  RequestQuota,
  Router,
  SiteAccess,
  SitePublisher,
} from './ports.ts'
import { routingMigration } from './routing/index.ts'
import { publishRequests } from './publishing/request-publisher.ts'
import { createEventHub } from './requests/event-hub.ts'
import { failInterrupted, sayAlive } from './requests/interrupted-requests.ts'
import { registerRouteRoutes } from './requests/route-routes.ts'
import { registerRequestRoutes } from './requests/routes.ts'
import { RunningRequests } from './requests/running-requests.ts'
import type { RequestDependencies } from './requests/request-service.ts'
import { createSiteKnowledge } from './tools/site-knowledge.ts'
import { registerTableRoutes } from './tools/routes.ts'

export type {
  DataMasking,
  GatewayCall,
  ModelGateway,
  PersonDirectory,
  RequestQuota,
  Router,
  SiteAccess,
  SitePublisher,
} from './ports.ts'

export { createLocalPlanner } from './planner/index.ts'
export { createRouter } from './routing/index.ts'

export interface AssistantPorts {
  database: Database
  clock: Clock
  ids: Ids
  logger: Logger
  cache: HotCache
  fanout: Fanout
  sites: SiteAccess
  people: PersonDirectory
  router: Router
  /** Answers without a model. */
  planner: Brain
  gateway: ModelGateway
  masking: DataMasking
  quota: RequestQuota
  publisher: SitePublisher
  /** Names this process among the replicas; new at each start. */
  processId: string
  /** True with the embedded database: no other process runs requests. */
  onlyProcess: boolean
  /** Longest a request may take, in milliseconds. */
  deadlineMs: number
  /** Waits before apply is sent again after an unknown outcome, in milliseconds. */
  retryWaits?: number[]
}

export interface AssistantFeature {
  registerRoutes(api: ApiRouter): void
  /** Requests of a person since `from` that count against a quota. */
  countedRequests(
    person: Pick<Actor, 'site_id' | 'team_id' | 'person'>,
    from: Date,
  ): Promise<number>
  /** Once before serving: fails what a crash interrupted and settles open approvals. */
  recover(): Promise<void>
  /** Periodic upkeep; each may run on every replica. */
  jobs: {
    say_alive(): Promise<void>
    fail_interrupted(): Promise<number>
    settle_approvals(): Promise<number>
    publish_requests(): Promise<number>
  }
  /** Lets running requests finish for `graceMs`, then fails what is left. */
  stop(graceMs: number): Promise<void>
}

export const assistantMigrations: MigrationFile[] = [
  auditMigration,
  assistantTables,
  routingMigration,
  supersededCards,
  withheldValues,
  seenPreviews,
]

const RETRY_WAITS = [200, 1_000]
const LONGEST_RECOVERY_MS = 3_000

export function createAssistantFeature(ports: AssistantPorts): AssistantFeature {
  const running = new RunningRequests()
  const hub = createEventHub(ports.fanout, ports.processId)
  const knowledge = createSiteKnowledge(ports.clock)
  const history = createHistory(ports.database, ports.cache, ports.clock)
  const modelBrain = createModelBrain(ports)
  const dependencies: RequestDependencies & { onlyProcess: boolean } = {
    ...ports,
    hub,
    running,
    knowledge,
    history,
    withdraw: (actor, listId, by) => approvals.supersede(actor, listId, by),
    brainOf: (handler, owner) =>
      watched(handler === 'local' ? ports.planner : modelBrain(handler, owner), owner, ports),
  }
  const approving = { ...dependencies, retryWaits: ports.retryWaits ?? RETRY_WAITS, pause }
  const approvals = createApprovalService(approving)
  const jobs: AssistantFeature['jobs'] = {
    say_alive: () => sayAlive(dependencies),
    fail_interrupted: () => failInterrupted({ ...dependencies, onlyProcess: false }),
    settle_approvals: async () => {
      await expireProposals(dependencies)
      return reconcileApprovals(approving, approvals, ports.logger)
    },
    publish_requests: () => publishRequests(ports.database, ports.publisher, ports.logger),
  }
  return {
    registerRoutes: (api) => {
      registerConversationRoutes(api, dependencies)
      registerRequestRoutes(api, dependencies, approvals)
      registerOperationRoutes(api, approvals)
      registerRouteRoutes(api, dependencies)
      registerTableRoutes(api, dependencies)
    },
    countedRequests: (person, from) => countedRequests(ports.database, person, from),
    recover: async () => {
      await failInterrupted(dependencies)
      if (ports.onlyProcess) await releaseSettlingLeases(approving)
      const settling = jobs.settle_approvals().catch((err: unknown) => {
        ports.logger.warn({ err }, 'open approvals are not settled yet')
      })
      // A site that does not answer must not keep the bridge from serving.
      await Promise.race([settling, pause(LONGEST_RECOVERY_MS)])
    },
    jobs,
    stop: (graceMs) => running.close(graceMs),
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
