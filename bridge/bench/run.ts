/**
 * `npm run bench`: every measurement one after the other, each in a process of its own, after the
 * conditions they ran under. `npm run bench -- bridge pages` runs only those.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const BENCHES = ['bridge', 'pages', 'router', 'gateway', 'gateway-faults']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !BENCHES.includes(name))
if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(', ')}.`)

const failed: string[] = []
printConditions()
for (const name of BENCHES.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  console.log(`\n## ${name} (load ${loadavg()[0]?.toFixed(1)})\n`)
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) failed.push(name)
}
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)

function printConditions(): void {
  const [cpu] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  console.log(`${new Date().toISOString()}, Node ${process.version}, ${process.platform}`)
  console.log(`${cpus().length} x ${cpu?.model.trim() || 'unnamed CPU'}, ${memory}`)
}
