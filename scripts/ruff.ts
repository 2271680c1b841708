/**
 * Lints and format-checks the Python of the Frappe app with ruff, whose rules stand in
 * frappe-app/pyproject.toml. Ruff is installed into node_modules/.cache on first use; `--fix`
 * repairs what ruff can.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const VERSION = '0.17.6'
const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'node_modules/.cache', `ruff-${VERSION}`)
const RUFF = join(FOLDER, 'bin/ruff')
const CONCISE = ['--output-format', 'concise']
const SOURCES = ['frappe-app', 'scripts/install-app']

process.exit(main())

function main(): number {
  if (!existsSync(RUFF) && !install()) return 1
  if (!existsSync(RUFF)) return 0
  const fix = process.argv.includes('--fix')
  const lint = ruff('check', ...(fix ? ['--fix'] : []))
  const format = ruff('format', ...(fix ? [] : ['--check']))
  return lint || format
}

/** True when ruff is there, or when there is no Python to have it with and nobody insists. */
function install(): boolean {
  const python = ['python3', 'python'].find((name) => run(name, ['--version']).status === 0)
  if (!python) {
    console.error('ruff: skipped, there is no Python on this machine to install it with.')
    return !process.env.CI
  }
  const wanted = ['install', '--quiet', '--no-deps', '--target', FOLDER, `ruff==${VERSION}`]
  const pip = run(python, ['-m', 'pip', ...wanted])
  if (pip.status === 0) return true
  console.error(`ruff: could not be installed with ${python} -m pip:\n${pip.stderr.trim()}`)
  return false
}

function ruff(command: string, ...options: string[]): number {
  const config = ['--config', join(ROOT, 'frappe-app/pyproject.toml'), '--no-cache']
  const output = options.length === 0 || options.includes('--check') ? CONCISE : []
  const done = spawnSync(RUFF, [command, ...options, ...output, ...config, ...SOURCES], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  return done.status ?? 1
}

function run(command: string, args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8' })
}
