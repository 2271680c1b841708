/**
 * Tables of the whole bridge as Kysely sees them. Features add theirs by declaration merging in
 * their `tables.ts`:
 * `declare module '../../platform/database/schema.ts' { interface DatabaseSchema { request: RequestTable } }`
 */
export interface DatabaseSchema {
  steward_migration: { name: string; applied_at: Date }
}
