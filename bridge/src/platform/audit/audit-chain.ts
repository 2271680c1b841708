import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database } from '../database/index.ts'
import { contentOf } from './audit-entry.ts'
import type { AuditEventTable } from './tables.ts'

type Row = Selectable<AuditEventTable>

/** A team's chain as far as it was checked. */
export interface ChainReport {
  site_id: string
  team_id: string
  /** Entries that are in order. */
  entries: bigint
  /** Hash of the last entry in order. Kept elsewhere, it shows later that none was cut off. */
  head: string
  /** The first entry that is not as it was written; null when all are. */
  broken: { seq: bigint; reason: string } | null
}

const ROWS_AT_ONCE = 1_000

/**
 * Recomputes every chain from its first entry; stops in each at the first that does not hold.
 * `missing` are the hashes of `known` that no sound entry has.
 */
export async function verifyAudit(
  database: Database,
  known: string[] = [],
): Promise<{ chains: ChainReport[]; missing: string[] }> {
  const missing = new Set(known)
  const teams = await database.withSystem('list audit chains', (tx) =>
    tx
      .selectFrom('audit_event')
      .select(['site_id', 'team_id'])
      .distinct()
      .orderBy('site_id')
      .orderBy('team_id')
      .execute(),
  )
  const chains: ChainReport[] = []
  for (const team of teams) {
    const report = { ...team, entries: 0n, head: '', broken: null }
    chains.push(await verifyTeam(database, report, (hash) => missing.delete(hash)))
  }
  return { chains, missing: [...missing] }
}

/** Recomputes the chain of one team from its first entry. */
export function verifyTeamAudit(
  database: Database,
  { site_id, team_id }: { site_id: string; team_id: string },
): Promise<ChainReport> {
  const report = { site_id, team_id, entries: 0n, head: '', broken: null }
  return verifyTeam(database, report, () => undefined)
}

async function verifyTeam(
  database: Database,
  report: ChainReport,
  onSound: (hash: string) => unknown,
): Promise<ChainReport> {
  for (;;) {
    const rows = await readRows(database, report)
    for (const row of rows) {
      const reason = faultOf(row, report)
      if (reason) return { ...report, broken: { seq: row.seq, reason } }
      report.entries = row.seq
      report.head = row.hash
      onSound(row.hash)
    }
    if (rows.length < ROWS_AT_ONCE) return report
  }
}

function readRows(database: Database, { site_id, team_id, entries }: ChainReport): Promise<Row[]> {
  return database.withSystem('verify an audit chain', (tx) =>
    tx
      .selectFrom('audit_event')
      .selectAll()
      .where('site_id', '=', site_id)
      .where('team_id', '=', team_id)
      .where('seq', '>', entries)
      .orderBy('seq')
      .limit(ROWS_AT_ONCE)
      .execute(),
  )
}

function faultOf(row: Row, before: ChainReport): string | null {
  if (row.seq !== before.entries + 1n) return `entry ${before.entries + 1n} is missing`
  if (row.previous_hash !== before.head) return 'it does not follow the entry before it'
  const lines = [row.previous_hash, row.seq, contentOf(row)].join('\n')
  const hash = createHash('sha256').update(lines).digest('hex')
  return hash === row.hash ? null : 'its content is not what was hashed'
}
