import { z } from 'zod'
import { verifyTeamAudit, type KnownEntry } from '../../platform/audit/index.ts'
import type { Sealer } from '../../platform/crypto/index.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Clock } from '../../shared/clock.ts'

export interface ChainCheckPorts {
  database: Database
  sealer: Sealer
  clock: Clock
  /** Most entries that one call recomputes; the next goes on from there. */
  mostEntries?: number
}

interface Team {
  site_id: string
  team_id: string
}

export interface ChainCheck {
  /** Entries that are in order, those of earlier checks included. */
  entries: number
  head: string
  broken: { seq: number; reason: string } | null
  /** The first entry that was recomputed now. */
  checked_from: number
  /** When the entries before it were found in order; null without any. */
  checked_before: string | null
  /** False: there are more entries than one call looks at. */
  complete: boolean
}

const MOST_ENTRIES = 20_000

/**
 * Goes on from how far the chain was found in order the last time, or, to look at every entry again,
 * from the first. What was found then is sealed, so that nobody who writes to the database can move it,
 * and the entry it names is recomputed with the rest.
 */
export async function checkChain(
  ports: ChainCheckPorts,
  team: Team,
  fromStart: boolean,
): Promise<ChainCheck> {
  const known = fromStart ? null : await readCheckpoint(ports, team)
  const most = ports.mostEntries ?? MOST_ENTRIES
  const report = await verifyTeamAudit(ports.database, team, known, most)
  const { entries, head, broken, complete } = report
  if (entries > 0n) await keepCheckpoint(ports, team, { seq: entries, hash: head })
  return {
    entries: Number(entries),
    head,
    broken: broken && { ...broken, seq: Number(broken.seq) },
    checked_from: Number(known?.seq ?? 1n),
    checked_before: known?.at ?? null,
    complete,
  }
}

interface Checkpoint extends KnownEntry {
  at: string
}

const checkpointSchema = z.object({
  seq: z.coerce.bigint().positive(),
  hash: z.string(),
  at: z.string(),
})

/** Null where there is none, or not one that this bridge sealed: then every entry is looked at. */
async function readCheckpoint(ports: ChainCheckPorts, team: Team): Promise<Checkpoint | null> {
  const row = await ports.database.tenantStatement(team, (tx) =>
    tx
      .selectFrom('audit_checkpoint')
      .select('sealed')
      .where('site_id', '=', team.site_id)
      .where('team_id', '=', team.team_id)
      .executeTakeFirst(),
  )
  if (!row) return null
  try {
    return checkpointSchema.parse(JSON.parse(ports.sealer.open(row.sealed, contextOf(team))))
  } catch {
    return null
  }
}

async function keepCheckpoint(ports: ChainCheckPorts, team: Team, known: KnownEntry) {
  const at = ports.clock.now().toISOString()
  const text = JSON.stringify({ seq: String(known.seq), hash: known.hash, at })
  const sealed = ports.sealer.seal(text, contextOf(team))
  const { site_id, team_id } = team
  await ports.database.tenantStatement(team, (tx) =>
    tx
      .insertInto('audit_checkpoint')
      .values({ site_id, team_id, sealed })
      .onConflict((conflict) => conflict.columns(['site_id', 'team_id']).doUpdateSet({ sealed }))
      .execute(),
  )
}

function contextOf({ site_id, team_id }: Team): string {
  return `audit checkpoint\n${site_id}\n${team_id}`
}
