/**
 * A site of fixed latency, as its own process: what the site at SITE_URL answered to a call once, it
 * answers from then on after LATENCY_MS, at next to no CPU. `/-/intervals` tells when calls of which
 * bearer were under way since it was last asked, on the machine's monotonic clock.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { listen } from '../src/http/index.ts'

export interface SiteInterval {
  bearer: string
  /** Milliseconds of `process.hrtime`. */
  start: number
  end: number
}

interface Recorded {
  status: number
  type: string
  body: Buffer
}

const SITE_URL = process.env.SITE_URL ?? ''
const LATENCY_MS = Number(process.env.LATENCY_MS ?? 20)
const recorded = new Map<string, Recorded>()
let intervals: SiteInterval[] = []

const server = createServer((req, res) => void serve(req, res))
const url = await listen(server, 0, '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
process.send?.({ listening: url })

async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url === '/-/intervals') {
    res.end(JSON.stringify(intervals))
    intervals = []
    return
  }
  const start = now()
  const body = await buffer(req)
  const key = `${req.method} ${req.url} ${body.toString()}`
  const known = recorded.get(key)
  if (known)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, LATENCY_MS - (now() - start))))
  const answer = known ?? (await forward(req, body))
  if (answer.status === 200) recorded.set(key, answer)
  res.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
  intervals.push({ bearer: req.headers.authorization ?? '', start, end: now() })
}

function forward(req: IncomingMessage, body: Buffer): Promise<Recorded> {
  return new Promise((resolve, reject) => {
    const { host: _host, connection: _connection, ...headers } = req.headers
    const options = { method: req.method ?? 'GET', headers }
    const call = request(`${SITE_URL}${req.url}`, options, (answer) => {
      buffer(answer).then((read) => {
        const type = answer.headers['content-type'] ?? 'application/json'
        resolve({ status: answer.statusCode ?? 500, type, body: read })
      }, reject)
    })
    call.on('error', reject).end(body)
  })
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
