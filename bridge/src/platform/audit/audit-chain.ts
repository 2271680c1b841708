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

/** An entry that was found in order before, with all before it. */
export interface KnownEntry {
  seq: bigint
  hash: string
}

/**
 * Recomputes the chain of one team from `known` on, that entry included, or from its first; at most
 * `most` entries, and `complete` says whether that was all.
 */
export async function verifyTeamAudit(
  database: Database,
  { site_id, team_id }: { site_id: string; team_id: string },
  known: KnownEntry | null,
  most: number,
): Promise<ChainReport & { complete: boolean }> {
  const report = { site_id, team_id, entries: 0n, head: '', broken: null }
  if (!known) return verifyPart(database, report, most)
  const [row] = await readRows(database, { ...report, entries: known.seq - 1n }, 1)
  const reason = row?.seq === known.seq ? faultOfKnown(row, known) : `entry ${known.seq} is missing`
  if (reason) {
    // Nothing is known of those before it any more: the next look begins with the first.
    return { ...report, broken: { seq: known.seq, reason }, complete: true }
  }
  return verifyPart(database, { ...report, entries: known.seq, head: known.hash }, most)
}

async function verifyPart(database: Database, from: ChainReport, most: number) {
  const upTo = from.entries + BigInt(most)
  const report = await verifyTeam(database, { ...from }, () => undefined, upTo)
  if (report.broken || report.entries < upTo) return { ...report, complete: true }
  return { ...report, complete: (await readRows(database, report, 1)).length === 0 }
}

async function verifyTeam(
  database: Database,
  report: ChainReport,
  onSound: (hash: string) => unknown,
  upTo: bigint | null = null,
): Promise<ChainReport> {
  for (;;) {
    const left = upTo === null ? ROWS_AT_ONCE : Number(upTo - report.entries)
    const limit = Math.min(ROWS_AT_ONCE, left)
    const rows = limit > 0 ? await readRows(database, report, limit) : []
    for (const row of rows) {
      const reason = faultOf(row, report)
      if (reason) return { ...report, broken: { seq: row.seq, reason } }
      report.entries = row.seq
      report.head = row.hash
      onSound(row.hash)
    }
    if (rows.length < limit || limit === 0) return report
  }
}

function readRows(
  database: Database,
  { site_id, team_id, entries }: ChainReport,
  limit: number,
): Promise<Row[]> {
  return database.withSystem('verify an audit chain', (tx) =>
    tx
      .selectFrom('audit_event')
      .selectAll()
      .where('site_id', '=', site_id)
      .where('team_id', '=', team_id)
      .where('seq', '>', entries)
      .orderBy('seq')
      .limit(limit)
      .execute(),
  )
}

function faultOf(row: Row, before: ChainReport): string | null {
  if (row.seq !== before.entries + 1n) return `entry ${before.entries + 1n} is missing`
  if (row.previous_hash !== before.head) return 'it does not follow the entry before it'
  return hashOf(row) === row.hash ? null : 'its content is not what was hashed'
}

function faultOfKnown(row: Row, known: KnownEntry): string | null {
  if (row.hash !== known.hash) return 'it is not the entry that was found in order before'
  return hashOf(row) === row.hash ? null : 'its content is not what was hashed'
}

function hashOf(row: Row): string {
  const lines = [row.previous_hash, row.seq, contentOf(row)].join('\n')
  return createHash('sha256').update(lines).digest('hex')
}
