import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from '../platform/telemetry/index.ts'

const REQUEST_ID = /^[\w.-]{8,80}$/

/** Gives every request an id (the caller's own when it is sane) and a logger that carries it. */
export function requestContext(logger: Logger) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const given = req.get('X-Request-Id')
    const id = given && REQUEST_ID.test(given) ? given : randomUUID()
    res.locals.request_id = id
    res.locals.logger = logger.child({ http_request_id: id })
    res.setHeader('X-Request-Id', id)
    next()
  }
}

export function requestLogger(res: Response): Logger {
  return res.locals.logger as Logger
}

/** Aborted when the client leaves before the answer is complete. */
export function clientSignal(res: Response): AbortSignal {
  const existing = res.locals.client_signal as AbortSignal | undefined
  if (existing) return existing
  const controller = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) controller.abort()
  })
  res.locals.client_signal = controller.signal
  return controller.signal
}
