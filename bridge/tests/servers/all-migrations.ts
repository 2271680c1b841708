import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationFile } from '../../src/platform/database/index.ts'

const SOURCE = join(import.meta.dirname, '../../src')

/** Every migration file of every feature: a table that is added later is held to the same tests. */
export async function allMigrations(): Promise<MigrationFile[]> {
  const found: MigrationFile[] = []
  for await (const path of glob('**/migrations/*.ts', { cwd: SOURCE })) {
    const module = (await import(join(SOURCE, path))) as Record<string, unknown>
    found.push(...Object.values(module).filter(isMigration))
  }
  return found
}

function isMigration(value: unknown): value is MigrationFile {
  return typeof value === 'object' && value !== null && 'name' in value && 'up' in value
}
