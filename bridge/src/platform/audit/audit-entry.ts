import { canonicalJson } from '../../shared/canonical-json.ts'

/** What is audited. The names are stable: people filter by them. */
export type AuditAction =
  | 'session.opened'
  | 'session.ended'
  | 'member.joined'
  | 'member.role_changed'
  | 'settings.changed'
  | 'provider.changed'
  | 'plan.changed'
  | 'limits.changed'
  | 'api_key.created'
  | 'api_key.revoked'
  | 'conversation.deleted'
  | 'operation.proposed'
  | 'operation.approved'
  | 'operation.rejected'
  | 'operation.refused'
  | 'operation.expired'
  | 'operation.reopened'
  | 'operation.applied'
  | 'operation.undone'

/** One thing that was done, as it is handed in. Never secrets, never the content of documents. */
export interface AuditEntry {
  site_id: string
  team_id: string
  at: Date
  action: AuditAction
  /** ERPNext User who did it; null when it was nobody signed in to the bridge. */
  person: string | null
  target_kind:
    | 'session'
    | 'member'
    | 'settings'
    | 'provider'
    | 'plan'
    | 'limits'
    | 'api_key'
    | 'conversation'
    | 'operation_list'
  target_id: string
  details: Record<string, unknown>
}

type StoredEntry = Omit<AuditEntry, 'action' | 'target_kind'> & {
  action: string
  target_kind: string
}

/** The bytes an entry is hashed by; the same from what is handed in and from what is stored. */
export function contentOf(entry: StoredEntry): string {
  const { site_id, team_id, action, person, target_kind, target_id, details } = entry
  const at = entry.at.toISOString()
  return storable(
    canonicalJson({ site_id, team_id, at, action, person, target_kind, target_id, details }),
  )
}

/** PostgreSQL's jsonb takes no NUL and no half of a surrogate pair. */
function storable(json: string): string {
  return json.replaceAll(/(\\\\)|\\u(?:0000|d[89a-f][0-9a-f]{2})/g, (_, kept) => kept ?? '\ufffd')
}
