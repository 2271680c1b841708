import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const PAGES = join(import.meta.dirname, '../../../../desk-ui/dist')
const ASSETS = '/assets/steward/frontend/'
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface AlonePages {
  url: string
  /** Where the bridge is; known only after it started. */
  use(bridgeUrl: string, siteName: string): void
  stop(): Promise<void>
}

/** The built pages on a web server that is neither the site nor the bridge. */
export async function startAlonePages(): Promise<AlonePages> {
  let boot = ''
  const server = createServer(async (req, res) => {
    const path = new URL(req.url ?? '/', 'http://localhost').pathname
    const isAsset = path.startsWith(ASSETS)
    try {
      const file = join(PAGES, isAsset ? path.slice(ASSETS.length) : 'index.html')
      const bytes = await readFile(file)
      res.setHeader('content-type', isAsset ? (TYPES[extname(file)] ?? '') : 'text/html')
      res.end(isAsset ? bytes : withBoot(bytes.toString('utf8'), boot))
    } catch {
      res.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (bridgeUrl, siteName) => {
      boot = `window.bridge_url = ${JSON.stringify(bridgeUrl)}; window.site_name = ${JSON.stringify(siteName)}`
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** ERPNext fills the loop; a web server of one's own writes the address of the bridge there. */
function withBoot(page: string, script: string): string {
  return page.replace(/\{%[\s\S]*%\}/, () => script)
}
