import { access, glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { environmentSchema } from '../bridge/src/config/index.ts'
import { configurationPage } from './configuration-docs.ts'

const ROOT = join(import.meta.dirname, '..')
/** Variables that scripts read, not the bridge. */
const OF_SCRIPTS = [
  'STEWARD_SANDBOX_PORT',
  'STEWARD_ENV_FILE',
  'STEWARD_APP_PASSWORD',
  'STEWARD_OWNER_PASSWORD',
]

it('docs/configuration.md says what the bridge reads', async () => {
  const { current, wanted } = await configurationPage()
  expect(current).toBe(wanted)
})

it('no page and no deployment file names a variable that nothing reads', async () => {
  const known = new Set([...Object.keys(environmentSchema.shape), ...OF_SCRIPTS])
  const pages = ['README.md', 'CONTRIBUTING.md', 'docker-compose.yml', 'docs/*.md', 'deploy/**/*.*']
  const unknown: string[] = []
  for await (const path of glob([...pages, 'deploy/**/Dockerfile'], { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8')
    for (const [name] of text.matchAll(/\bSTEWARD_[A-Z][A-Z_]*[A-Z]\b/g))
      if (!known.has(name)) unknown.push(`${path}: ${name}`)
  }
  expect(unknown).toEqual([])
})

it('every relative link of the documentation leads to a file', async () => {
  const broken: string[] = []
  for await (const path of glob(['*.md', 'docs/*.md', 'frappe-app/*.md'], { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g))
      await access(join(ROOT, path, '..', target)).catch(() => broken.push(`${path}: ${target}`))
  }
  expect(broken).toEqual([])
})
