import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WebSession, WebSessions } from './http/index.ts'
import type { Site, StoreSnapshot } from './site/index.ts'

interface SnapshotFile {
  version: 1
  store: StoreSnapshot
  sessions: WebSession[]
}

const NAME = 'site.json'

export function readSnapshot(folder: string): SnapshotFile | null {
  try {
    return JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as SnapshotFile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Writes beside the old file and renames, so that a crash leaves one or the other whole. */
function writeSnapshot(folder: string, site: Site, sessions: WebSessions): void {
  const content: SnapshotFile = {
    version: 1,
    store: site.state.store.snapshot(),
    sessions: sessions.snapshot(),
  }
  mkdirSync(folder, { recursive: true })
  const temporary = join(folder, `${NAME}.new`)
  writeFileSync(temporary, JSON.stringify(content))
  renameSync(temporary, join(folder, NAME))
}

export interface Keeper {
  /** Saves soon, if anything has changed. */
  touch(): void
  /** Saves now if anything is unsaved, and stops. */
  close(): void
}

const QUIET_MILLISECONDS = 500

/** Saves the state after writes have been quiet for a moment. */
export function keepState(folder: string, site: Site, sessions: WebSessions): Keeper {
  let timer: NodeJS.Timeout | null = null
  let saved = ''
  const state = () => `${site.state.store.log.commits}.${sessions.version}`
  const save = () => {
    timer = null
    saved = state()
    writeSnapshot(folder, site, sessions)
  }
  return {
    touch() {
      if (state() === saved) return
      if (timer) timer.refresh()
      else timer = setTimeout(save, QUIET_MILLISECONDS).unref()
    },
    close() {
      if (timer) clearTimeout(timer)
      save()
    },
  }
}
