import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const SOURCES = ['src', 'public', 'build', 'index.html', 'package.json']
const BUILT = 'dist/index.html'

/** Builds the pages unless what is built is newer than all its sources. */
export async function buildPages(root: string): Promise<void> {
  const folder = join(root, 'desk-ui')
  const built = await modified(join(folder, BUILT))
  const configs = (await readdir(folder)).filter((name) => /\.config\.(ts|js)$/.test(name))
  const newest = await Promise.all(
    [...SOURCES, ...configs].map((name) => newestIn(join(folder, name))),
  )
  if (built >= Math.max(...newest)) return
  console.log('Building the pages ...')
  const npm = process.env.npm_execpath
  const command = npm ? process.execPath : 'npm'
  const args = [...(npm ? [npm] : []), 'run', '--silent', 'build', '-w', 'desk-ui']
  const build = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [build.stdout, build.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(build, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The pages could not be built:\n${said}`)
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  const names = await readdir(path, { recursive: true })
  const times = await Promise.all(names.map((name) => modified(join(path, name))))
  return Math.max(0, ...times)
}

async function modified(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0
}
