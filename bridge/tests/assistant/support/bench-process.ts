import { openDatabase } from '../../../src/platform/database/index.ts'
import { assistantMigrations } from '../../../src/features/assistant/index.ts'
import type { BrainEvent, Turn } from '../../../src/features/assistant/brain.ts'
import { startBench } from './assistant-bench.ts'
import { remoteSession } from './remote-paper-site.ts'

/**
 * A bridge process a test may kill: data folder and address of the paper site as arguments; prints
 * its own address. `slow` asks never end, everything else proposes one document.
 */
const [dataFolder = '', siteUrl = ''] = process.argv.slice(2)

async function* brain(turn: Turn): AsyncGenerator<BrainEvent> {
  yield { type: 'text', text: 'Working on it.' }
  if (turn.text === 'slow') await new Promise(() => setInterval(() => undefined, 1_000))
  const values = { description: turn.text }
  await turn.tools.call('propose_create', { doctype: 'ToDo', values })
}

const database = await openDatabase({
  url: null,
  migrationUrl: null,
  dataFolder,
  migrations: assistantMigrations,
})
const bench = await startBench({ brain, database, session: () => remoteSession(siteUrl) })
process.stdout.write(`${bench.url}\n`)
