/**
 * `npm run audit:verify`: recomputes the audit chain of every team and names the first entry that is
 * not as it was written. `-- --known HASH` (any number of times) also demands that a head noted
 * earlier is still part of a chain: that way cutting off the newest entries shows too. Exit code 0
 * when all of it holds.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../bridge/src/config/index.ts'
import {
  auditMigration,
  verifyAudit,
  type ChainReport,
} from '../bridge/src/platform/audit/index.ts'
import { openDatabase } from '../bridge/src/platform/database/index.ts'
import { isStewardError } from '../bridge/src/shared/errors.ts'

/** Checks the configured database; the lines to print, and whether everything holds. */
export async function auditReport(
  variables: Record<string, string | undefined>,
  known: string[],
): Promise<{ lines: string[]; holds: boolean }> {
  const config = loadConfig(variables)
  const database = await openDatabase({
    url: config.databaseUrl,
    migrationUrl: config.databaseMigrationUrl,
    dataFolder: config.dataFolder,
    migrations: [auditMigration],
  })
  try {
    const { chains, missing } = await verifyAudit(database, known)
    const holds = missing.length === 0 && chains.every(({ broken }) => !broken)
    const lost = missing.map((hash) => `BROKEN  ${hash} was noted before and is in no chain now`)
    return { lines: [...chains.map(lineOf), ...lost], holds }
  } finally {
    await database.close()
  }
}

function lineOf({ site_id, team_id, entries, head, broken }: ChainReport): string {
  const whose = `${site_id} ${team_id}`
  if (broken) return `BROKEN  ${whose}: entry ${broken.seq}: ${broken.reason}`
  return `OK      ${whose}: ${entries} entries, head ${head}`
}

async function main(): Promise<void> {
  const file = process.env.STEWARD_ENV_FILE ?? join(import.meta.dirname, '../.env')
  if (existsSync(file)) process.loadEnvFile(file)
  const { values } = parseArgs({
    options: { known: { type: 'string', multiple: true, default: [] } },
  })
  const { lines, holds } = await auditReport(process.env, values.known)
  for (const line of lines) console.log(line)
  if (lines.length === 0) console.log('OK      no entries yet')
  process.exit(holds ? 0 : 1)
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(isStewardError(error) ? error.message : error)
    process.exit(2)
  })
}
