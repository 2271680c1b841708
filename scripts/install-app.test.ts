import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, 'install-app')
const OWN = 'https://erp.example.com'
const INSIDE = 'http://127.0.0.1:8000'
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0
if (!HAS_PYTHON)
  console.log('Skipped: the .env that install-app writes, since there is no python3.')

/** Writes the .env as the command does at its end, for a site whose own address is `OWN`. */
const WRITE = `
import argparse, importlib.machinery, importlib.util, json, pathlib, sys
loader = importlib.machinery.SourceFileLoader("install_app", sys.argv[1])
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("install_app", loader))
sys.dont_write_bytecode = True
loader.exec_module(module)
arguments = argparse.Namespace(
    bridge_url="https://steward.example.com/", site="erp.example.com",
    site_url=sys.argv[3] or None, env_file=pathlib.Path(sys.argv[2]),
)
names = ("service_key", "service_secret", "oauth_client_id", "oauth_client_secret")
access = {"site_url": "${OWN}", **{name: name for name in names}}
changed = []
module.write_env(arguments, access, changed)
print(json.dumps(changed))
`

describe.skipIf(!HAS_PYTHON)('the .env that install-app writes', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-install-'))
    file = join(folder, '.env')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('names the public address only where the bridge reaches the site elsewhere', () => {
    write(INSIDE)
    expect(lines()).toContain(`STEWARD_SITE_URL=${INSIDE}`)
    expect(lines()).toContain(`STEWARD_SITE_PUBLIC_URL=${OWN}`)
    write('')
    expect(lines()).toContain(`STEWARD_SITE_URL=${OWN}`)
    expect(lines().join('\n')).not.toContain('STEWARD_SITE_PUBLIC_URL')
  })

  test('stays as it is the second time, and keeps what is not Steward’s', () => {
    writeFileSync(file, '# mine\nOTHER=1\nSTEWARD_SITE_NAME=old\n', { mode: 0o644 })
    expect(write(INSIDE)).not.toEqual([])
    const before = readFileSync(file, 'utf8')
    expect(write(`${INSIDE}/`)).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(lines().slice(0, 3)).toEqual(['# mine', 'OTHER=1', 'STEWARD_SITE_NAME=erp.example.com'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  function write(siteUrl: string): string[] {
    const ran = spawnSync('python3', ['-c', WRITE, SCRIPT, file, siteUrl], { encoding: 'utf8' })
    expect(ran.stderr).toBe('')
    return JSON.parse(ran.stdout) as string[]
  }

  function lines(): string[] {
    return readFileSync(file, 'utf8').trimEnd().split('\n')
  }
})
