import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemOf } from '../bridge/src/http/problem.ts'
import { StewardError, type ErrorCode } from '../bridge/src/shared/errors.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFile(join(ROOT, path), 'utf8')

it('docs/api.md lists every error code with the status it is sent with', async () => {
  const source = await read('bridge/src/shared/errors.ts')
  const union = source.slice(source.indexOf('ErrorCode ='), source.indexOf('export interface'))
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code as ErrorCode)
  const guide = (await read('docs/api.md')).split('<!-- codes -->')[1] ?? ''
  const rows = [...guide.matchAll(/^\| +`(\w+)` +\| +(\d+) +\|/gm)]
  const documented = Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]))
  const sent = codes.map((code) => [code, problemOf(new StewardError(code, 'x'), 'id').status])
  expect(documented).toEqual(Object.fromEntries(sent))
})
