import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the upstream of the load bench says. */
export const WORDS = Array.from({ length: 16 }, (_, index) => ` word${index}`)
export const LAST_WORD = ' word15'

/** How a mock upstream behaves for a call; it answers in OpenAI's Chat Completions form. */
export type Behaviour = (res: ServerResponse, req: IncomingMessage) => void

export interface MockUpstream {
  url: string
  /** Calls that arrived. */
  calls: number
  /** Body of the newest call. */
  last_body: string
  /** Milliseconds of `performance.now()` at which a client of ours went away, newest last. */
  dropped_at: number[]
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/** A model server on loopback. */
export async function startUpstream(behaviour: Behaviour): Promise<MockUpstream> {
  let current = behaviour
  const upstream: MockUpstream = {
    url: '',
    calls: 0,
    last_body: '',
    dropped_at: [],
    behave: (next) => (current = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const server = createServer((req, res) => {
    upstream.calls += 1
    res.on('close', () => {
      if (!res.writableFinished) upstream.dropped_at.push(performance.now())
    })
    const pieces: Buffer[] = []
    req.on('data', (piece: Buffer) => pieces.push(piece))
    req.on('end', () => {
      upstream.last_body = Buffer.concat(pieces).toString()
      current(res, req)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return upstream
}

export const CHUNK = {
  text: (text: string): string => frame({ choices: [{ index: 0, delta: { content: text } }] }),
  stop: frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  usage: frame({
    choices: [],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 8,
      total_tokens: 28,
      prompt_tokens_details: { cached_tokens: 12 },
    },
  }),
  done: 'data: [DONE]\n\n',
}

/** A complete streamed answer of `words`, `everyMs` apart. */
export function answer(words: string[], everyMs = 0): Behaviour {
  return (res) => {
    startStream(res)
    const ending = CHUNK.stop + CHUNK.usage + CHUNK.done
    if (everyMs === 0) {
      res.end(words.map(CHUNK.text).join('') + ending)
      return
    }
    let index = 0
    const timer = setInterval(() => {
      const word = words[index]
      index += 1
      if (word !== undefined) res.write(CHUNK.text(word))
      else {
        clearInterval(timer)
        res.end(ending)
      }
    }, everyMs)
    res.on('close', () => clearInterval(timer))
  }
}

/** A refusal with a status, as OpenAI words it. */
export function refuse(
  status: number,
  error: { message: string; code?: string; type?: string },
  headers: Record<string, string> = {},
): Behaviour {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(JSON.stringify({ error }))
  }
}

/** Some tokens, then whatever `then` does to the open answer. */
export function tokensThen(then: (res: ServerResponse) => void): Behaviour {
  return (res) => {
    startStream(res)
    res.write(CHUNK.text('Hello') + CHUNK.text(' there'), () => setTimeout(() => then(res), 20))
  }
}

export function startStream(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
}

function frame(chunk: object): string {
  const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'mock-1' }
  return `data: ${JSON.stringify({ ...base, ...chunk })}\n\n`
}
