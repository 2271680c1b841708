import { Agent, createServer, request } from 'node:http'
import { closeServer, listen } from '../src/http/index.ts'

/** The least a proxy can do: pipe there and back. */
export async function startPassThrough(
  upstreamUrl: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const target = new URL(`${upstreamUrl}/chat/completions`)
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const server = createServer((req, res) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': req.headers['content-length'],
    }
    const onward = request(target, { agent, method: 'POST', headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => {
      if (res.headersSent) res.destroy()
      else res.writeHead(502).end()
    })
    req.pipe(onward)
  })
  const url = await listen(server, 0, '127.0.0.1')
  return {
    url: `${url}/v1`,
    close: async () => {
      agent.destroy()
      await closeServer(server, 100)
    },
  }
}
