/**
 * What the assistant needs from the rest of Steward, as small as it gets. `app.ts` hands the
 * implementations in: the site, the router, the model gateway, the spending of billing.
 */
import type { PageContext, RequestClass, RouteDecision } from '../../shared/assistant-protocol.ts'
import type { PublishedRecord, SiteIdentity, SiteWords } from '../../shared/site-protocol.ts'
import type { TeamRole } from '../../http/index.ts'
import type { ModelEvent, ModelMessage, ModelTool } from '../../platform/models/index.ts'
import type { ListQuery, SiteSession } from '../../platform/frappe/index.ts'
import type { PastMessage } from './brain.ts'

/** The person behind a call, with the team the call is for. */
export interface Actor {
  site_id: string
  team_id: string
  /** ERPNext User. */
  person: string
  role: TeamRole
  /** The bridge session the call came with; null for API keys and background work. */
  session_id: string | null
}

export type ListFilter = NonNullable<ListQuery['filters']>[number]

export type { SiteSession }

export interface SiteAccess {
  /** The person's own session; throws `site_grant_expired` when ERPNext's grant has ended. */
  asPerson(actor: Actor): Promise<SiteSession>
  /** Any grant of this person that still holds, for settling an approval; null when there is none. */
  recover(site_id: string, team_id: string, person: string): Promise<SiteSession | null>
  /** The service user (role Steward Bridge); null when none is configured. */
  asService(site_id: string): Promise<SiteSession | null>
  /** Base address of the site for links in answers, without a trailing slash. */
  publicUrl(site_id: string): string
}

/** A document the person may see, by name and title. */
export interface KnownName {
  doctype: string
  name: string
  title: string
}

export interface RouteQuestion {
  site_id: string
  team_id: string
  text: string
  words: SiteWords
  page: PageContext | null
  history: PastMessage[]
  /** Tiers that have a model right now. */
  tiers: { small: boolean; large: boolean }
  /** Parties and items the person's own session lists; read only when the words leave it open. */
  names?(): Promise<readonly KnownName[]>
}

export interface Router {
  route(question: RouteQuestion): Promise<RouteDecision> | RouteDecision
  /** A person says what the request really was; later decisions of the team follow. */
  correct(correction: {
    site_id: string
    team_id: string
    person: string
    text: string
    decided: RouteDecision
    correct_class: RequestClass
  }): Promise<void>
}

/** A request held against the team's quota. */
export interface CountedRequest {
  /** Whether it counts; what does not is given back. Only the first call has an effect. */
  settle(counts: boolean): void
}

/** Held before anything is done; see billing's spending. */
export interface RequestQuota {
  /** Throws `quota_exceeded`. */
  begin(actor: Actor, requestId: string): Promise<CountedRequest>
}

export interface GatewayCall {
  site_id: string
  team_id: string
  person: string
  request_id: string
  purpose: 'answer' | 'summary'
  tier: 'small' | 'large'
  messages: ModelMessage[]
  /** The messages as one provider may see them. */
  messages_for?: (rules: ProviderRules) => ModelMessage[]
  tools: ModelTool[]
  tool_choice: 'auto' | 'none'
  max_output_tokens: number
  cache_prefix_messages: number
  /** The most this call may cost. */
  cap_nano_usd?: bigint
}

/** A model's events, and what the call cost once that is settled. */
export type GatewayEvent =
  | ModelEvent
  | {
      type: 'settled'
      model: string
      input_tokens: number
      output_tokens: number
      nano_usd: bigint
    }

export interface ModelGateway {
  /** Which tiers have a usable model for this team. */
  tiers(site_id: string, team_id: string): Promise<{ small: boolean; large: boolean }>
  /** Throws StewardErrors: `budget_exceeded`, `no_model_available`, `model_failed`, `cancelled` ... */
  stream(call: GatewayCall, signal: AbortSignal): AsyncIterable<GatewayEvent>
}

/** Who the credentials of a session belong to. */
export interface PersonDirectory {
  identity(actor: Actor): Promise<SiteIdentity>
}

/** Read-only copies in ERPNext; idempotent by external id and version. */
export interface SitePublisher {
  upsert(site_id: string, doctype: string, records: PublishedRecord[]): Promise<void>
}

/** What may not leave for a model provider; see the gateway's data rules. */
export interface ProviderRules {
  /** False when everything may leave. */
  readonly any: boolean
  /** Nothing of these documents may leave. */
  hides(doctype: string): boolean
  /** Something of these documents may not leave. */
  touches(doctype: string): boolean
  /** This field may not leave; an empty `doctype` asks for a field of any. */
  masks(doctype: string, fieldname: string): boolean
}

export interface DataMasking {
  /** What is kept from at least one of the site's providers. */
  rules(site_id: string): Promise<ProviderRules>
}
