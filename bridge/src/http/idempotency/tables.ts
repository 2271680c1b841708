/** What a POST under an Idempotency-Key was, and what it answered. */
export interface IdempotencyKeyTable {
  site_id: string
  team_id: string
  person: string
  key: string
  /** Of method, path and body: the same key for another request is refused. */
  fingerprint: string
  state: 'running' | 'answered' | 'streamed'
  /** Sealed status and body: an answer may hold what is shown only once. */
  answer: string | null
  /** A run that has not ended by then died with its process. */
  running_until: Date
  expires_at: Date
}

declare module '../../platform/database/schema.ts' {
  interface DatabaseSchema {
    idempotency_key: IdempotencyKeyTable
  }
}
