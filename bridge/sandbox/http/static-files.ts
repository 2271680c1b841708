import { readFileSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'
import { html } from './envelope.ts'
import type { SandboxHost, SiteRequest, SiteResponse } from './exchange.ts'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** `/assets/steward/...`; the names of the pages' build are hashed and may be kept for long. */
export function serveStatic(host: SandboxHost, request: SiteRequest): SiteResponse {
  const [, app, ...rest] = request.segments
  const bytes = app === 'steward' ? readAsset(host, rest) : null
  if (!bytes) return html(404, '<h1>Not Found</h1>')
  return {
    status: 200,
    headers: {
      'content-type': TYPES[extname(request.path)] ?? 'application/octet-stream',
      'cache-control': rest[0] === 'frontend' ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
    body: bytes,
  }
}

/** The pages' build is published as `frontend`; everything else is the app's own public folder. */
function readAsset(host: SandboxHost, [first = '', ...rest]: string[]): Buffer | null {
  if (first === 'frontend') return readStatic(host.staticFolder, rest.join('/'))
  return readStatic(host.publicFolder, [first, ...rest].join('/'))
}

/** A file below the folder; null for anything else, also for paths that climb out. */
export function readStatic(folder: string | null, path: string): Buffer | null {
  if (!folder) return null
  const file = normalize(join(folder, path))
  if (!file.startsWith(folder + sep)) return null
  try {
    return readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return null
    throw error
  }
}
