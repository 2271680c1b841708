import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SlowModel {
  url: string
  /** Writes the next piece of the answer of every open call. */
  say(text: string): void
  /** Ends every open answer as a whole one. */
  finish(): void
  /** Breaks every open answer off without its end. */
  breakOff(): void
  /** Resolves when a call has come in. */
  called(): Promise<void>
  /** Resolves when no call is open any more. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** An OpenAI-compatible server whose answers come word by word, when the test says so. */
export async function startSlowModel(): Promise<SlowModel> {
  const open = new Set<ServerResponse>()
  const waiting: { on: 'call' | 'idle'; resolve: () => void }[] = []
  const tell = (on: 'call' | 'idle') => {
    for (const each of waiting.filter((one) => one.on === on)) each.resolve()
  }
  const server = createServer((req, res) => {
    req.resume()
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.flushHeaders()
    open.add(res)
    tell('call')
    res.on('close', () => {
      open.delete(res)
      if (open.size === 0) tell('idle')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const until = (on: 'call' | 'idle', met: () => boolean) =>
    met() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ on, resolve }))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    say: (text) => open.forEach((res) => res.write(`data: ${JSON.stringify(chunk(text))}\n\n`)),
    finish: () =>
      open.forEach((res) => res.end(`data: ${JSON.stringify(END)}\n\ndata: [DONE]\n\n`)),
    breakOff: () => open.forEach((res) => res.destroy()),
    called: () => until('call', () => open.size > 0),
    idle: () => until('idle', () => open.size === 0),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function chunk(content: string) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'slow',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
  }
}

const END = { ...chunk(''), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
