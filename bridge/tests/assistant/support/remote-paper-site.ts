import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StewardError } from '../../../src/shared/errors.ts'
import type { SiteSession } from '../../../src/features/assistant/ports.ts'
import { withWords } from './assistant-bench.ts'
import type { PaperSite } from './paper-site.ts'

/** The paper site behind HTTP, for a bridge in another process. */
export async function servePaperSite(
  site: PaperSite,
): Promise<{ url: string; stop(): Promise<void> }> {
  const session = withWords(site.session())
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const { method, args } = JSON.parse(Buffer.concat(chunks).toString()) as {
      method: string
      args: Record<string, unknown>
    }
    try {
      res.end(JSON.stringify({ message: await session.call(method, args) }))
    } catch {
      res.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function remoteSession(url: string): SiteSession {
  return {
    call: async <T>(method: string, args: Record<string, unknown>): Promise<T> => {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ method, args }) })
      return ((await answer.json()) as { message: T }).message
    },
    list: async () => [],
    get: async () => ({}),
    scan: () => {
      throw new StewardError('internal', 'A paper site is not scanned.')
    },
  }
}
