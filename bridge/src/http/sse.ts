import type { Response } from 'express'

/** One frame of a server-sent event stream. */
export interface SseFrame {
  id?: string
  event?: string
  data: unknown
}

const KEEP_ALIVE_MS = 15_000

/**
 * Turns a response into an event stream: no buffering by proxies, a comment line now and then so
 * that idle connections stay open. `close` ends it.
 */
export function openEventStream(res: Response): { send(frame: SseFrame): void; close(): void } {
  res.status(200)
  res.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
  res.setHeader('Cache-Control', 'no-cache, no-transform')
  res.setHeader('X-Accel-Buffering', 'no')
  res.socket?.setNoDelay(true)
  gatherWrites(res)
  res.flushHeaders()
  const keepAlive = setInterval(() => res.write(': keep-alive\n\n'), KEEP_ALIVE_MS)
  keepAlive.unref()
  res.on('close', () => clearInterval(keepAlive))
  return {
    send: (frame) => {
      if (res.writableEnded) return
      gatherWrites(res)
      res.write(frameText(frame))
    },
    close: () => {
      clearInterval(keepAlive)
      if (!res.writableEnded) res.end()
    },
  }
}

/** What is written in one turn of the event loop leaves in one piece. */
function gatherWrites(res: Response): void {
  const { socket } = res
  if (!socket || socket.writableCorked > 0) return
  socket.cork()
  setImmediate(() => socket.uncork())
}

function frameText(frame: SseFrame): string {
  const id = frame.id === undefined ? '' : `id: ${frame.id}\n`
  const event = frame.event === undefined ? '' : `event: ${frame.event}\n`
  return `${id}${event}data: ${JSON.stringify(frame.data)}\n\n`
}
